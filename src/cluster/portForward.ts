import { createServer, isIP } from 'node:net';
import type { Server, Socket } from 'node:net';
import { t } from '@vscode/l10n';
import type { Disposable } from '../base/disposable';
import { Emitter } from '../base/event';
import { systemClock } from '../base/timing';
import type { Clock } from '../base/timing';
import type { PortTraffic } from '../domain/portRow';
import type { PortSpec } from '../domain/portSpec';
import { localPorts } from '../domain/portSpec';
import { ClusterError, problemOf } from './errors';
import { DatagramForward } from './portForwardUdp';
import type { RelayChannel } from './relay';
import { relay } from './relay';
import { mostConnections, Tally } from './traffic';

export interface PortForwardOptions {
  readonly spec: PortSpec;
  /** A stream to the port inside the machine that is there now. Throws `ClusterError`. */
  readonly open: (signal: AbortSignal) => Promise<RelayChannel>;
  /** One address of this computer's loopback; default: 127.0.0.1. */
  readonly address?: string;
  readonly clock?: Clock;
  readonly log: (message: string) => void;
}

/** Opens the port. Throws a `ClusterError` when this computer does not give it. */
export async function startPortForward(options: PortForwardOptions): Promise<PortForward> {
  const { spec, address = '127.0.0.1' } = options;
  if (!isLoopback(address)) {
    throw new ClusterError('invalid', t('Ports are opened on this computer\'s loopback address only, not on "{0}".', address));
  }
  const forward = new PortForward(options);
  let last: unknown;
  for (const port of localPorts(spec)) {
    try {
      await forward.listen(address, port);
      return forward;
    } catch (error) {
      last = error;
    }
  }
  forward.dispose();
  throw listenError(last, spec);
}

/** A port of this computer that leads into a machine. Stays when the machine or the cluster is away: then each connection fails by itself. */
export class PortForward implements Disposable {
  readonly spec: PortSpec;
  readonly #options: PortForwardOptions;
  readonly #clock: Clock;
  readonly #changed: Emitter<void>;
  readonly #tally = new Tally();
  readonly #ended = new AbortController();
  readonly #open = new Set<Disposable>();
  #listener: Disposable | undefined;
  #address = '';
  #port = 0;

  constructor(options: PortForwardOptions) {
    this.spec = options.spec;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#changed = new Emitter<void>((error) => options.log(`A listener of a port failed: ${String(error)}`));
  }

  /** Connections or their failures are different now; bytes alone are not told. */
  get onDidChange() {
    return this.#changed.event;
  }

  get traffic(): PortTraffic {
    const { connections, total, sent, received, failure } = this.#tally;
    return { connections, total, sent, received, ...(failure && { failure }) };
  }

  /** Of this computer. */
  get port(): number {
    return this.#port;
  }

  /** As other programs of this computer reach it, e.g. `127.0.0.1:8080`. */
  get address(): string {
    return `${isIP(this.#address) === 6 ? `[${this.#address}]` : this.#address}:${this.#port}`;
  }

  /** Opens `port`, 0: any. Rejects with Node's error. */
  async listen(address: string, port: number): Promise<void> {
    if (this.spec.protocol === 'udp') {
      const datagrams = new DatagramForward({ ...this.#options, clock: this.#clock, tally: this.#tally, onChange: () => this.#changed.fire() });
      this.#port = await datagrams.listen(address, port);
      this.#listener = datagrams;
    } else {
      const server = createServer({ pauseOnConnect: true, allowHalfOpen: true, noDelay: true }, (socket) => void this.#accept(socket));
      this.#port = await listening(server, address, port);
      server.on('error', (error) => this.#fail(error));
      this.#listener = { dispose: () => void server.close() };
    }
    this.#address = address;
  }

  /** Closes the port and everything that came through it. */
  dispose(): void {
    this.#ended.abort(new Error('Stopped'));
    this.#listener?.dispose();
    for (const connection of [...this.#open]) {
      connection.dispose();
    }
    this.#changed.dispose();
  }

  async #accept(socket: Socket): Promise<void> {
    const tally = this.#tally;
    const waiting = { dispose: () => void socket.destroy() };
    this.#open.add(waiting);
    tally.total++;
    tally.connections++;
    // Until bytes flow, its loss is noticed when they do.
    socket.on('error', () => undefined);
    this.#changed.fire();
    try {
      if (tally.connections > mostConnections) {
        throw new ClusterError('throttled', t('More than {0} connections at a time are not passed on.', mostConnections));
      }
      const channel = await this.#options.open(this.#ended.signal);
      this.#open.delete(waiting);
      if (socket.destroyed || this.#ended.signal.aborted) {
        channel.dispose();
        socket.destroy();
        this.#closed();
        return;
      }
      tally.succeeded();
      const connection = relay(socket, socket, channel, {
        clock: this.#clock,
        onSent: (bytes) => { tally.sent += bytes; },
        onReceived: (bytes) => { tally.received += bytes; },
        onEnd: (how) => {
          this.#open.delete(connection);
          if (how === 'broken') {
            this.#fail(new ClusterError('unreachable', t('A connection was lost on the way to the machine.'), { hint: t('Check that the cluster runs, the VPN and the network.') }));
          }
          this.#closed();
        },
      });
      this.#open.add(connection);
    } catch (error) {
      this.#open.delete(waiting);
      socket.resetAndDestroy();
      if (!this.#ended.signal.aborted) {
        this.#fail(error);
      }
      this.#closed();
    }
  }

  #fail(error: unknown): void {
    this.#tally.failure = { problem: problemOf(error), atMs: this.#clock.now(), isPast: false };
  }

  #closed(): void {
    this.#tally.connections--;
    this.#changed.fire();
  }
}

function listening(server: Server, address: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: address, port, exclusive: true }, () => {
      server.off('error', reject);
      const bound = server.address();
      resolve(typeof bound === 'object' && bound ? bound.port : port);
    });
  });
}

/** Whether it is one IP address that never leaves this computer. */
function isLoopback(address: string): boolean {
  return (isIP(address) === 4 && address.startsWith('127.')) || address === '::1';
}

function listenError(error: unknown, { local, remote }: PortSpec): ClusterError {
  const port = local ?? remote;
  const code = (error as NodeJS.ErrnoException).code ?? '';
  switch (code) {
    case 'EADDRINUSE':
      return new ClusterError('invalid', t('Port {0} of this computer is taken by another program.', port), { hint: t('Choose another one, or write ":{0}" for any that is free.', remote) });
    case 'EACCES':
      return new ClusterError('invalid', t('This computer does not let you open port {0}.', port), { hint: t('Choose one above 1023, or write ":{0}" for any that is free.', remote) });
    default:
      return new ClusterError('invalid', t('Port {0} of this computer cannot be opened: {1}', port, error instanceof Error ? error.message : String(error)));
  }
}
