import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import { letGo } from '../../letGo';

/** How much may wait to be sent before the sender has to. */
const longestQueue = 256 * 1024;

/** What a guest may be told to be: one that sends slowly, or reads nothing. */
export interface Trouble { readonly isSlow?: boolean; readonly isDeaf?: boolean }

/** 20 KB/s: a screenful in a tenth of a second, a log in minutes. */
const slowBytesPerMs = 20;

/** The platform pings the clients of port forwarding so often, and gives them up after so long without an answer. */
const pingMs = 1000;
const patienceMs = 60_000;

/**
 * Carries bytes between a WebSocket and a stream, each side waiting for the other. Binary messages only; where either ends,
 * both do, and the platform says no word of it: no close frame is ever sent first. `connection` is what the WebSocket
 * runs on. `isFleeting`: nobody else looks at what the stream gives.
 */
export function bridge(socket: WebSocket, connection: Duplex, stream: Duplex & { readonly isFleeting?: boolean }, trouble: Trouble = {}): void {
  stream.on('data', (chunk: Buffer) => {
    if (trouble.isSlow) {
      stream.pause();
      setTimeout(() => stream.resume(), chunk.length / slowBytesPerMs);
      socket.send(chunk, { binary: true });
      return;
    }
    socket.send(chunk, { binary: true }, () => {
      if (stream.isFleeting) {
        free(chunk);
      }
      if (socket.bufferedAmount <= longestQueue) {
        stream.resume();
      }
    });
    if (socket.bufferedAmount > longestQueue) {
      stream.pause();
    }
  });
  if (trouble.isDeaf) {
    socket.pause();
  } else {
    socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary && stream.writable && !stream.write(data)) {
        socket.pause();
      }
    });
    stream.on('drain', () => socket.resume());
  }
  // What was sent before still arrives.
  stream.once('end', () => letGo(connection)).once('close', () => letGo(connection)).on('error', () => undefined);
  socket.on('error', () => undefined).once('close', () => hangUp(stream));
}

/** Gives memory back at once: V8 would look through the whole cluster for every few MiB of it, and whoever measures shares the processor. */
function free({ buffer, byteLength }: Buffer): void {
  if (byteLength > 0 && buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) {
    buffer.transfer(0);
  }
}

/** Asks the client every second whether it is there, as port forwarding does. */
export function ping(socket: WebSocket): void {
  let answeredMs = Date.now();
  const timer = setInterval(() => {
    if (Date.now() - answeredMs > patienceMs) {
      socket.terminate();
    } else if (socket.readyState === WebSocket.OPEN) {
      socket.ping('keep alive');
    }
  }, pingMs);
  socket.on('pong', () => (answeredMs = Date.now())).once('close', () => clearInterval(timer));
}

/** Ends a stream for good, after what is still to be written, if that does not take long. */
function hangUp(stream: Duplex): void {
  letGo(stream);
  stream.end(() => stream.destroy());
}
