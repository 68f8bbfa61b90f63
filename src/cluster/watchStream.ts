import { finished } from 'node:stream';
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
 * The events of a byte stream of JSON lines, however it is cut: together what one piece of the stream has brought, never none.
 * Ends with the stream; a last line that was cut off is dropped. Throws `InvalidEvent`, other `ClusterError`s, or the signal's reason.
 */
export async function* eventsOf(body: Readable, options: StreamOptions): AsyncGenerator<readonly WatchEvent[], void, undefined> {
  const { signal, target } = options;
  const lines = new Lines();
  try {
    for await (const chunks of chunksOf(body)) {
      signal.throwIfAborted();
      const events = chunks.flatMap((chunk) => lines.endedBy(chunk)).map(parse);
      const wrong = events.indexOf(undefined);
      const good = (wrong < 0 ? events : events.slice(0, wrong)) as WatchEvent[];
      if (good.length > 0) {
        yield good;
      }
      if (wrong >= 0) {
        throw new InvalidEvent(target);
      }
    }
  } catch (error) {
    throw signal.aborted ? signal.reason : asClusterError(error, target);
  } finally {
    // A body that is not read to its end keeps its socket; what it says after this is no news.
    body.on('error', () => undefined).destroy();
  }
  signal.throwIfAborted();
}

/** What a stream brings, without the waits between its pieces that its own iterator has. Throws what breaks it. */
async function* chunksOf(body: Readable): AsyncGenerator<readonly Buffer[], void, undefined> {
  let chunks: Buffer[] = [];
  let isOver = false;
  let broken: Error | null | undefined;
  let wake: () => void = () => undefined;
  body.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    wake();
  });
  finished(body, (error) => {
    isOver = true;
    broken = error;
    wake();
  });
  for (;;) {
    if (chunks.length > 0) {
      const taken = chunks;
      chunks = [];
      yield taken;
    } else if (broken) {
      throw broken;
    } else if (isOver) {
      return;
    } else {
      await new Promise<void>((resolve) => { wake = resolve; });
    }
  }
}

/** Lines are cut as bytes, so that no character is split; the pieces of a long line are joined once. */
class Lines {
  #pieces: Buffer[] = [];

  /** The lines that `chunk` brings to their end, without empty ones. */
  endedBy(chunk: Buffer): string[] {
    const lines: string[] = [];
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      const line = this.#joined(chunk.subarray(start, end)).toString('utf8');
      start = end + 1;
      if (line.trim() !== '') {
        lines.push(line);
      }
    }
    if (start < chunk.length) {
      this.#pieces.push(chunk.subarray(start));
    }
    return lines;
  }

  #joined(last: Buffer): Buffer {
    const pieces = this.#pieces;
    if (pieces.length === 0) {
      return last;
    }
    this.#pieces = [];
    return Buffer.concat([...pieces, last]);
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
