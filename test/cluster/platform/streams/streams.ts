import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { phaseOf, type KubeObject } from '../../../../src/domain/kubeObject';
import { stringAt } from '../../../../src/domain/values';
import type { Known } from '../known';
import { plays } from '../lower/annotation';
import type { Guest } from '../lower/guest';
import { failure, machineAnswer, notFound, nothingHere, notRunning, noUpgrade, refuse, resourceList, routeOf, undialled, type Answer, type Target } from './answers';
import { bridge, ping } from './bridge';
import type { Sessions } from './sessions';

export { streamGroup } from './answers';

export interface StreamOptions {
  readonly known: Known;
  readonly guest: (machine: KubeObject) => Guest | undefined;
  /** Notes who has a console and tells those who ask with `probe=true`; releases after 1.10 have it. */
  readonly sessions: Sessions | undefined;
  /** The subprotocols that the server may select; by default the one that the platform's layer below knows. */
  readonly subprotocols?: readonly string[];
}

/** Answers the handshake; `undefined` when the client has gone or sent none. */
type Accept = (stream: Duplex) => Promise<WebSocket | undefined>;

/** The stream endpoints of machines: serial console and screen (one holder each, the newest wins), and ports. */
export class Streams {
  readonly #options: StreamOptions;
  readonly #sockets: WebSocketServer;
  /** Who has a console or a screen. */
  readonly #holders = new Map<string, WebSocket>();
  readonly #open = new Set<WebSocket>();

  constructor(options: StreamOptions) {
    this.#options = options;
    const known = options.subprotocols ?? ['plain.kubevirt.io'];
    this.#sockets = new WebSocketServer({ noServer: true, handleProtocols: (offered) => known.find((each) => offered.has(each)) ?? false });
  }

  get(request: IncomingMessage, response: ServerResponse): void {
    void this.#answer(request).then(({ code, body }) => response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body)));
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    void this.#connect(request, socket, head).then((answer) => answer && refuse(socket, answer));
  }

  dispose(): void {
    this.#open.forEach((socket) => socket.terminate());
    this.#sockets.close();
  }

  async #answer(request: IncomingMessage): Promise<Answer> {
    const route = routeOf(request);
    if (!route || route.isDiscovery) {
      return route ? resourceList : nothingHere;
    }
    const machine = this.#machine(route);
    return machine ? (await this.#probe(route, machine)) ?? (route.stream === undefined ? machineAnswer(machine.metadata) : this.#running(machine) ? noUpgrade : notRunning) : notFound(route.name);
  }

  /** Opens a stream; the result says why there is none. */
  async #connect(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<Answer | undefined> {
    const route = routeOf(request);
    if (!route || route.isDiscovery || !route.stream) {
      return nothingHere;
    }
    const machine = this.#machine(route);
    if (!machine) {
      return notFound(route.name);
    }
    const told = await this.#probe(route, machine);
    const guest = this.#running(machine);
    if (told ?? !guest) {
      return told ?? notRunning;
    }
    // The platform lets POST connect as well, which WebSockets do not know.
    request.method = 'GET';
    const accept = (stream: Duplex) => new Promise<WebSocket | undefined>((resolve) => {
      socket.once('close', () => {
        stream.destroy();
        resolve(undefined);
      });
      this.#sockets.handleUpgrade(request, socket, head, (opened) => {
        this.#open.add(opened);
        opened.once('close', () => this.#open.delete(opened));
        bridge(opened, socket, stream, { isSlow: plays(machine, 'slow-guest'), isDeaf: plays(machine, 'deaf-guest') });
        resolve(opened);
      });
    });
    return route.stream === 'portforward' ? await forward(route, machine, guest, accept) : await this.#hold(route.stream, request, machine, guest, accept);
  }

  async #hold(stream: 'console' | 'vnc', request: IncomingMessage, machine: KubeObject, guest: Guest, accept: Accept): Promise<Answer | undefined> {
    if (stream === 'vnc' && !guest.screen) {
      return failure(400, 'BadRequest', 'No graphics devices are present.');
    }
    const release = await this.#options.sessions?.acquire(machine, stream, String(request.headers['x-remote-user'] ?? ''), request.headers['user-agent'] ?? '');
    const key = `${machine.metadata.uid ?? ''}/${stream}`;
    // Whoever had it loses the connection without a word.
    this.#holders.get(key)?.terminate();
    const socket = await accept(stream === 'vnc' ? guest.screen!() : guest.serial());
    if (!socket) {
      await release?.();
      return undefined;
    }
    this.#holders.set(key, socket);
    socket.once('close', () => {
      if (this.#holders.get(key) === socket) {
        this.#holders.delete(key);
      }
      void release?.();
    });
    return undefined;
  }

  async #probe({ stream, query }: Target, machine: KubeObject): Promise<Answer | undefined> {
    const { sessions } = this.#options;
    if (!sessions || (stream !== 'console' && stream !== 'vnc') || !isTrue(query.get('probe'))) {
      return undefined;
    }
    try {
      return { code: 200, body: await sessions.current(machine, stream) };
    } catch (error) {
      return failure(500, 'InternalError', `Internal error occurred: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #machine({ name, namespace }: Target): KubeObject | undefined {
    return this.#options.known.get('VirtualMachine', name, namespace);
  }

  /** What can be connected to. */
  #running(machine: KubeObject): Guest | undefined {
    return ['Running', 'Migrating'].includes(phaseOf(machine) ?? '') ? this.#options.guest(machine) : undefined;
  }
}

/** A connection to a port is made before the handshake is answered, so that a refusal can be told. */
async function forward({ query }: Target, machine: KubeObject, guest: Guest, accept: Accept): Promise<Answer | undefined> {
  const port = Number(query.get('port') ?? 0);
  const protocol = query.get('protocol') || 'tcp';
  const address = stringAt(machine, 'status.ipAddress') ?? '';
  if (!Number.isInteger(port)) {
    return failure(400, 'BadRequest', `strconv.ParseInt: parsing "${query.get('port') ?? ''}": invalid syntax`);
  }
  if (address === '' || !guest.connect) {
    return failure(400, 'BadRequest', 'no network interfaces are present');
  }
  if (protocol !== 'tcp' && protocol !== 'udp') {
    return undialled(`dial ${protocol}: unknown network ${protocol}`);
  }
  try {
    const stream = guest.connect(port, protocol);
    await connected(stream);
    const socket = await accept(stream);
    if (socket) {
      ping(socket);
    }
    return undefined;
  } catch (error) {
    return undialled(`dial ${protocol} ${address}:${port}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function connected(stream: Duplex & { readonly connecting?: boolean }): Promise<void> {
  return stream.connecting === true
    ? new Promise((resolve, reject) => stream.once('connect', () => resolve()).once('error', reject))
    : Promise.resolve();
}

/** As Kubernetes reads a parameter that is yes or no. */
const isTrue = (text: string | null) => text !== null && !['0', 'false'].includes(text.toLowerCase());
