import type { Readable } from 'node:stream';
import { t } from '@vscode/l10n';
import { isRecord } from '../domain/kubeObject';
import type { KubeObject } from '../domain/kubeObject';
import { asClusterError, ClusterError } from './errors';
import { trimmed } from './trim';

/** One line of a watch. `BOOKMARK` carries a resource version alone, `ERROR` a `Status`. */
export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: KubeObject;
}

interface StreamOptions {
  readonly signal: AbortSignal;
  /** What errors call the server. */
  readonly target: string;
}

const types: readonly string[] = ['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR'];

/** A line was no event. What it was meant to tell is lost: only a new list knows. */
export class InvalidEvent extends ClusterError {
  constructor(target: string) {
    super('server', t('"{0}" sent something that is no event.', target), { hint: t('Everything is read again; if it goes on, a proxy on the way may be the cause.') });
  }
}

/**
 * The events of a byte stream of JSON lines, however it is cut. Ends with the stream; a last line that was cut off is dropped.
 * Throws `InvalidEvent`, other `ClusterError`s, or the signal's reason.
 */
export async function* eventsOf(body: Readable, options: StreamOptions): AsyncGenerator<WatchEvent, void, undefined> {
  const { signal, target } = options;
  try {
    for await (const line of linesOf(body)) {
      signal.throwIfAborted();
      const event = parse(line);
      if (!event) {
        throw new InvalidEvent(target);
      }
      yield event;
    }
  } catch (error) {
    throw signal.aborted ? signal.reason : asClusterError(error, target);
  } finally {
    // A body that is not read to its end keeps its socket; what it says after this is no news.
    body.on('error', () => undefined).destroy();
  }
  signal.throwIfAborted();
}

/** Lines are cut as bytes, so that no character is split; the pieces of a long line are joined once. */
async function* linesOf(body: Readable): AsyncGenerator<string, void, undefined> {
  let pieces: Buffer[] = [];
  for await (const chunk of body as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      pieces.push(chunk.subarray(start, end));
      start = end + 1;
      const line = (pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces)).toString('utf8');
      pieces = [];
      if (line.trim() !== '') {
        yield line;
      }
    }
    if (start < chunk.length) {
      pieces.push(chunk.subarray(start));
    }
  }
}

function parse(line: string): WatchEvent | undefined {
  try {
    const event: unknown = JSON.parse(line);
    if (!isRecord(event) || !types.includes(String(event['type'])) || !isRecord(event['object'])) {
      return undefined;
    }
    const { type, object } = event as unknown as WatchEvent;
    return { type, object: trimmed(object) };
  } catch {
    return undefined;
  }
}
