import { createSocket } from 'node:dgram';
import type { RemoteInfo, Socket } from 'node:dgram';
import { isIP } from 'node:net';
import { t } from '@vscode/l10n';
import type { Disposable } from '../base/disposable';
import type { Clock } from '../base/timing';
import { ClusterError, problemOf } from './errors';
import type { RelayChannel } from './relay';
import type { Tally } from './traffic';
import { mostConnections } from './traffic';

export interface DatagramOptions {
  readonly open: (signal: AbortSignal) => Promise<RelayChannel>;
  readonly clock: Clock;
  readonly tally: Tally;
  readonly onChange: () => void;
}

/** A program of this computer that sends datagrams, and its stream. */
interface Peer {
  readonly ended: AbortController;
  channel?: RelayChannel;
  /** Came before the stream was open. */
  readonly early: Buffer[];
  idle: Disposable;
  /** On the way to the server. */
  pendingBytes: number;
}

/** The buffers of the endpoint: a larger message would become two datagrams. */
const longestDatagram = 10_240;

/** Nobody says goodbye: a peer that is silent for so long is gone, as for most address translators. */
const idleMs = 120_000;

/** What waits for a stream or a slow network; more is dropped, as networks do. */
const mostEarly = 64;
const mostPendingBytes = 1024 * 1024;

/** A UDP port of this computer: one stream for each program that sends to it, one message for each datagram. Owns its socket. */
export class DatagramForward implements Disposable {
  readonly #options: DatagramOptions;
  readonly #peers = new Map<string, Peer>();
  #socket: Socket | undefined;

  constructor(options: DatagramOptions) {
    this.#options = options;
  }

  /** Opens `port`, 0: any; the one that was opened. Rejects with Node's error. */
  listen(address: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      const socket = createSocket(isIP(address) === 6 ? 'udp6' : 'udp4');
      socket.once('error', (error) => {
        socket.close();
        reject(error);
      });
      socket.bind({ address, port, exclusive: true }, () => {
        socket.removeAllListeners('error').on('error', (error) => this.#fail(error));
        socket.on('message', (datagram, from) => this.#receive(datagram, from));
        this.#socket = socket;
        resolve(socket.address().port);
      });
    });
  }

  dispose(): void {
    for (const key of [...this.#peers.keys()]) {
      this.#drop(key);
    }
    this.#socket?.close();
    this.#socket = undefined;
  }

  #receive(datagram: Buffer, from: RemoteInfo): void {
    if (datagram.length > longestDatagram) {
      this.#fail(new ClusterError('invalid', t('A datagram of {0} bytes was dropped: the way to the machine carries at most {1}.', datagram.length, longestDatagram)));
      this.#options.onChange();
      return;
    }
    const key = `${from.address}:${from.port}`;
    const peer = this.#peers.get(key) ?? this.#connect(key, from);
    if (!peer) {
      return;
    }
    this.#touch(key, peer);
    if (!peer.channel) {
      if (peer.early.length < mostEarly) {
        peer.early.push(datagram);
      }
    } else if (peer.pendingBytes < mostPendingBytes) {
      this.#send(peer, peer.channel, datagram);
    }
  }

  #send(peer: Peer, channel: RelayChannel, datagram: Buffer): void {
    this.#options.tally.sent += datagram.length;
    peer.pendingBytes += datagram.length;
    channel.send(datagram, () => { peer.pendingBytes -= datagram.length; });
  }

  #connect(key: string, from: RemoteInfo): Peer | undefined {
    const { tally, onChange } = this.#options;
    tally.total++;
    if (this.#peers.size >= mostConnections) {
      this.#fail(new ClusterError('throttled', t('More than {0} connections at a time are not passed on.', mostConnections)));
      onChange();
      return undefined;
    }
    const peer: Peer = { ended: new AbortController(), early: [], idle: { dispose: () => undefined }, pendingBytes: 0 };
    this.#peers.set(key, peer);
    tally.connections++;
    onChange();
    void this.#open(key, peer, from);
    return peer;
  }

  async #open(key: string, peer: Peer, from: RemoteInfo): Promise<void> {
    const { open, tally } = this.#options;
    try {
      const channel = await open(peer.ended.signal);
      if (peer.ended.signal.aborted) {
        channel.dispose();
        return;
      }
      peer.channel = channel;
      tally.succeeded();
      channel.onData((datagram) => {
        tally.received += datagram.length;
        this.#touch(key, peer);
        this.#socket?.send(datagram, from.port, from.address);
      });
      channel.onClose(() => this.#drop(key));
      channel.resume();
      for (const datagram of peer.early.splice(0)) {
        this.#send(peer, channel, datagram);
      }
    } catch (error) {
      if (!peer.ended.signal.aborted) {
        this.#fail(error);
        this.#drop(key);
      }
    }
  }

  #touch(key: string, peer: Peer): void {
    peer.idle.dispose();
    peer.idle = this.#options.clock.after(idleMs, () => this.#drop(key));
  }

  #drop(key: string): void {
    const peer = this.#peers.get(key);
    if (peer) {
      this.#peers.delete(key);
      peer.idle.dispose();
      peer.ended.abort(new Error('Stopped'));
      peer.channel?.dispose();
      this.#options.tally.connections--;
      this.#options.onChange();
    }
  }

  #fail(error: unknown): void {
    const { tally, clock } = this.#options;
    tally.failure = { problem: problemOf(error), atMs: clock.now(), isPast: false };
  }
}
