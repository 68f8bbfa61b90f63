import { createSocket, type RemoteInfo, type Socket as DatagramSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import type { Duplex } from 'node:stream';
import { sleep, systemClock } from '../../../src/base/timing';
import { conditionOf, phaseOf, type KubeObject } from '../../../src/domain/kubeObject';
import { stringAt } from '../../../src/domain/values';
import { adminClient, type AdminClient } from '../../cluster/adminClient';
import { dial, Refused, type Wire } from './streamsWire';

export interface CommandLineOptions {
  readonly url: string;
  readonly caPem: string;
  readonly token: string;
  readonly namespace: string;
  /** Between two tries of a console; the real one waits 2 s. */
  readonly retryMs?: number;
}

export type Operation = 'start' | 'stop' | 'restart' | 'migrate' | 'evict';

/** Bytes of UDP that are read at a time. */
const datagramBytes = 1500;

/**
 * Stands in for the platform's own command-line client: what it puts on the wire, when it tries again, and when it gives
 * up. Targets are `NAME`, or `NAME.NAMESPACE`.
 */
export class CommandLine {
  readonly #options: CommandLineOptions;
  readonly #api: AdminClient;
  readonly #open = new Set<{ close(): unknown }>();

  constructor(options: CommandLineOptions) {
    this.#options = options;
    this.#api = adminClient(options);
  }

  dispose(): void {
    for (const each of [...this.#open]) {
      each.close();
    }
    this.#api.close();
  }

  /** Who would be disconnected; `undefined` where that cannot be told. */
  async holder(target: string, stream: 'console' | 'vnc'): Promise<object | undefined> {
    const { code, json } = await this.#api.ask('GET', `${this.#path(target, stream)}?probe=true`, { headers: { 'user-agent': 'd8' } });
    return code === 200 ? json : undefined;
  }

  /** `console`: connects once. */
  async console(target: string): Promise<Wire> {
    const wire = await this.#dial(this.#path(target, 'console'));
    wire.write('\r');
    return wire;
  }

  /** `console` as it is used: connects again until it is left, or there is no sense in it. */
  stayOnConsole(target: string): Console {
    return new Console(() => this.console(target), this.#options.retryMs ?? 2000);
  }

  /** `vnc --proxy-only`: connects, then waits for a viewer on the port. */
  async vnc(target: string): Promise<number> {
    const wire = await this.#dial(this.#path(target, 'vnc'));
    const server = createServer((viewer) => join(viewer, wire));
    wire.once('close', () => server.close());
    return await this.#listen(server);
  }

  /** `port-forward [PROTOCOL/]LOCAL[:TARGET]`, with a local port of its own choice. */
  async portForward(target: string, port: number, protocol: 'tcp' | 'udp' = 'tcp'): Promise<number> {
    if (protocol === 'udp') {
      return await this.#forwardDatagrams(target, port);
    }
    return await this.#listen(createServer((local) => {
      this.stdio(target, port).then((wire) => join(local, wire), () => local.destroy());
    }));
  }

  /** `port-forward --stdio`, which `ssh` and `scp` run as their ProxyCommand with port 22. Throws `Refused`. */
  async stdio(target: string, port: number, protocol: 'tcp' | 'udp' = 'tcp'): Promise<Wire> {
    return await this.#dial(`${this.#path(target, 'portforward')}?port=${port}&protocol=${protocol}`);
  }

  /** `start`, `stop` and so on, with `--wait` until it is done, otherwise until it is on its way. */
  async operate(command: Operation, target: string, options: { readonly force?: boolean; readonly isComplete?: boolean } = {}): Promise<{ readonly phase: string; readonly message: string }> {
    const { name, namespace } = this.#parse(target);
    const path = `/apis/virtualization.deckhouse.io/v1alpha2/namespaces/${namespace}/virtualmachineoperations`;
    const type = command.charAt(0).toUpperCase() + command.slice(1);
    const created = await this.#api.do('POST', path, {
      kind: 'VirtualMachineOperation', apiVersion: 'virtualization.deckhouse.io/v1alpha2', metadata: { generateName: `${name}-`, namespace },
      spec: { type, virtualMachineName: name, ...(options.force === undefined ? {} : { force: options.force }) }, status: {},
    });
    const wanted = [options.isComplete ?? true ? 'Completed' : 'InProgress', 'Failed', 'Superseded'];
    const { phase, message } = await this.#watch(`${path}?fieldSelector=metadata.name%3D${stringAt(created, 'metadata.name')}&watch=true`, wanted);
    return { phase, message };
  }

  /** Follows an operation from whatever it is now, without a list before. */
  async #watch(path: string, wanted: readonly string[]): Promise<{ readonly phase: string; readonly message: string }> {
    const { url, caPem, token } = this.#options;
    const outgoing = request(url + path, { ca: caPem, agent: false, headers: { accept: 'application/json', authorization: `Bearer ${token}`, 'user-agent': 'd8' } }).end();
    const [answer] = await once(outgoing, 'response') as [IncomingMessage];
    outgoing.on('error', () => undefined);
    let rest = '';
    for await (const piece of answer.setEncoding('utf8') as AsyncIterable<string>) {
      const lines = (rest + piece).split('\n');
      rest = lines.pop() ?? '';
      for (const object of lines.map((line) => (JSON.parse(line) as { readonly object: KubeObject }).object)) {
        const phase = phaseOf(object) ?? '';
        if (wanted.includes(phase)) {
          return { phase, message: conditionOf(object, 'Completed')?.message ?? '' };
        }
      }
    }
    throw new Error('context deadline exceeded');
  }

  async #forwardDatagrams(target: string, port: number): Promise<number> {
    const local = createSocket('udp4');
    const clients = new Map<string, Promise<Wire>>();
    const wireOf = (client: RemoteInfo) => {
      const key = `${client.address}:${client.port}`;
      const wire = clients.get(key) ?? this.stdio(target, port, 'udp');
      if (!clients.has(key)) {
        clients.set(key, wire);
        wire.then((opened) => answer(local, client, opened).once('close', () => clients.delete(key)), () => clients.delete(key));
      }
      return wire;
    };
    local.on('message', (bytes, client) => void wireOf(client).then((wire) => wire.write(bytes.subarray(0, datagramBytes)), () => undefined));
    local.bind(0, '127.0.0.1');
    await once(local, 'listening');
    this.#open.add(local);
    return local.address().port;
  }

  async #listen(server: Server): Promise<number> {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    this.#open.add(server);
    return (server.address() as AddressInfo).port;
  }

  async #dial(path: string): Promise<Wire> {
    const { url, caPem, token } = this.#options;
    const wire = await dial({ url: `${url}${path}`, caPem, headers: { Authorization: `Bearer ${token}`, 'User-Agent': 'd8' } });
    const leave = { close: () => wire.destroy() };
    this.#open.add(leave);
    wire.once('close', () => this.#open.delete(leave));
    return wire;
  }

  #path(target: string, stream: string): string {
    const { name, namespace } = this.#parse(target);
    return `/apis/subresources.virtualization.deckhouse.io/v1alpha2/namespaces/${namespace}/virtualmachines/${name}/${stream}`;
  }

  #parse(target: string): { readonly name: string; readonly namespace: string } {
    const [name = '', namespace = this.#options.namespace] = target.split('.');
    return { name, namespace };
  }
}

/** A console that is connected again and again. */
export class Console {
  /** What stopped it; `undefined` while it goes on. */
  end: string | undefined;
  connections = 0;
  text = '';
  readonly #connect: () => Promise<Wire>;
  readonly #retryMs: number;
  #wire: Wire | undefined;

  constructor(connect: () => Promise<Wire>, retryMs: number) {
    this.#connect = connect;
    this.#retryMs = retryMs;
    void this.#stay();
  }

  type(text: string): void {
    this.#wire?.write(text);
  }

  leave(): void {
    this.end ??= 'left';
    this.#wire?.destroy();
  }

  async #stay(): Promise<void> {
    while (this.end === undefined) {
      try {
        this.#wire = await this.#connect();
        this.connections++;
        this.#wire.on('data', (bytes: Buffer) => (this.text += bytes.toString('utf8')));
        if (await this.#wire.ended() === 1001) {
          this.end = 'going away';
        }
      } catch (error) {
        if (error instanceof Refused && error.code === 404) {
          this.end = error.message;
        } else if (!(error instanceof Error && /not Running|bad handshake|Internal error/.test(error.message))) {
          this.text += `${String(error)}\r\n`;
        }
      }
      this.#wire = undefined;
      await sleep(systemClock, this.end === undefined ? this.#retryMs : 0);
    }
  }
}

/** Either end ends both. */
function join(local: Socket, wire: Duplex): void {
  local.pipe(wire).on('error', () => local.destroy());
  wire.pipe(local).on('error', () => wire.destroy());
  local.once('close', () => wire.destroy());
  wire.once('close', () => local.destroySoon());
}

function answer(socket: DatagramSocket, client: RemoteInfo, wire: Wire): Wire {
  return wire.on('data', (bytes: Buffer) => socket.send(bytes, client.port, client.address));
}
