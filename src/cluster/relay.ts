import { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import type { Disposable } from '../base/disposable';
import { Flow } from '../base/flow';
import type { Clock } from '../base/timing';
import type { Channel } from './channel';

export type RelayChannel = Pick<Channel, 'onData' | 'onClose' | 'send' | 'pause' | 'resume' | 'dispose' | 'isBroken'>;

export interface RelayOptions {
  readonly clock: Clock;
  readonly onSent?: (bytes: number) => void;
  readonly onReceived?: (bytes: number) => void;
  /** Once, when everything is over. `broken`: the network failed, so that bytes may be missing. */
  readonly onEnd: (how: 'ended' | 'broken') => void;
}

/**
 * How long an answer may be silent after the local program has said all it has. The endpoint cannot pass on that one side is done,
 * so the machine hears of it only when the stream is closed.
 */
const silenceMs = 10_000;

/** How long the local program may take to close its side after the machine has closed its own. */
const farewellMs = 10_000;

/** RFC 6455, 7.4.1: done, going away, no code given, no word at all. The platform ends streams with the last as well as with the first. */
const orderly: readonly number[] = [1000, 1001, 1005, 1006];

/** Carries bytes both ways between a local program and a channel that is still paused, neither faster than its receiver. Owns all of them. */
export function relay(input: Readable, output: Writable, channel: RelayChannel, { clock, onSent, onReceived, onEnd }: RelayOptions): Disposable {
  let timer: Disposable | undefined;
  let isInputOver = false;
  let isOver = false;
  const up = new Flow(input);
  const down = new Flow(channel);

  const end = (how: 'ended' | 'broken') => {
    if (isOver) {
      return;
    }
    isOver = true;
    timer?.dispose();
    channel.dispose();
    if (how === 'broken' && output instanceof Socket) {
      // An orderly end would tell the program that it has everything.
      output.resetAndDestroy();
    } else {
      output.destroy();
    }
    input.destroy();
    onEnd(how);
  };
  const endAfter = (delayMs: number) => {
    timer?.dispose();
    timer = clock.after(delayMs, () => end('ended'));
  };

  input.on('data', (chunk: Buffer) => {
    up.sent(chunk.length);
    onSent?.(chunk.length);
    channel.send(chunk, () => up.consumed(chunk.length));
  });
  input.once('end', () => {
    isInputOver = true;
    if (output.writableEnded) {
      end('ended');
    } else {
      endAfter(silenceMs);
    }
  });
  channel.onData((bytes) => {
    if (isInputOver) {
      endAfter(silenceMs);
    }
    onReceived?.(bytes.length);
    down.sent(bytes.length);
    output.write(bytes, () => down.consumed(bytes.length));
  });
  channel.onClose((code) => {
    if (channel.isBroken || !orderly.includes(code)) {
      end('broken');
      return;
    }
    output.end(() => {
      if (isInputOver) {
        end('ended');
      } else {
        // What the program still says goes nowhere; it is read so that it gets to closing its side.
        input.resume();
        endAfter(farewellMs);
      }
    });
  });
  for (const stream of new Set([input, output])) {
    stream.on('error', () => end('ended'));
    stream.on('close', () => {
      // A pipe that was read to its end closes by itself.
      if (stream === output || !isInputOver) {
        end('ended');
      }
    });
  }
  channel.resume();
  input.resume();
  return { dispose: () => end('ended') };
}
