import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { phaseOf, type KubeObject } from '../../../../src/domain/kubeObject';
import type { Known } from '../known';
import type { Guest } from '../lower/guest';
import { timestamp } from '../objects';

export const streamGroup = 'subresources.virtualization.deckhouse.io';
const version = 'v1alpha2';
const base = `/apis/${streamGroup}/${version}`;

export interface StreamOptions {
  readonly known: Known;
  readonly guest: (machine: KubeObject) => Guest | undefined;
  /** Whether a plain GET with `probe=true` tells who holds a console; releases after 1.10 do. */
  readonly hasProbe: boolean;
}

interface Session {
  readonly socket: WebSocket;
  readonly user: string;
  readonly client: string;
  readonly startMs: number;
}

/** The stream endpoints of machines: serial console (one holder each, the newest wins), screen, ports. */
export class Streams {
  readonly #options: StreamOptions;
  readonly #sockets = new WebSocketServer({ noServer: true, handleProtocols: (offered) => (offered.has('plain.kubevirt.io') ? 'plain.kubevirt.io' : false) });
  readonly #sessions = new Map<string, Session>();

  constructor(options: StreamOptions) {
    this.#options = options;
  }

  get(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', 'https://localhost');
    const send = (code: number, body: object) => response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (url.pathname === base) {
      send(200, resourceList);
      return;
    }
    const target = targetOf(url.pathname);
    const machine = target && this.#options.known.get('VirtualMachine', target.name, target.namespace);
    if (!target || !machine) {
      send(404, target ? notFound(target.name) : status(404, 'NotFound', 'the server could not find the requested resource'));
    } else if (target.stream === undefined) {
      send(200, { apiVersion: `${streamGroup}/${version}`, kind: 'VirtualMachine', metadata: machine.metadata });
    } else if (this.#options.hasProbe && url.searchParams.get('probe') === 'true') {
      const session = this.#sessions.get(keyOf(target));
      send(200, session ? { holder: session.user, startTime: timestamp(session.startMs), client: session.client } : {});
    } else {
      send(400, status(400, 'BadRequest', 'Upgrade request required'));
    }
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const target = targetOf(new URL(request.url ?? '/', 'https://localhost').pathname);
    const machine = target && this.#options.known.get('VirtualMachine', target.name, target.namespace);
    if (!target?.stream || !machine) {
      refuse(socket, 404, notFound(target?.name ?? ''));
      return;
    }
    const phase = phaseOf(machine);
    const guest = this.#options.guest(machine);
    if ((phase !== 'Running' && phase !== 'Migrating') || !guest) {
      refuse(socket, 500, status(500, '', 'VirtualMachine is not Running or Migrating'));
      return;
    }
    if (target.stream !== 'console') {
      refuse(socket, 400, status(400, 'BadRequest', target.stream === 'vnc' ? 'A simulated guest has no screen.' : 'A simulated guest has no network: no port can be reached.'));
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (opened) => this.#console(opened, request, target, guest));
  }

  /** Cuts the sessions of a machine that no longer runs, as a guest that is gone does. */
  changed(machine: KubeObject): void {
    const phase = phaseOf(machine);
    if (machine.kind === 'VirtualMachine' && phase !== 'Running' && phase !== 'Migrating') {
      this.#sessions.get(keyOf({ namespace: machine.metadata.namespace ?? '', name: machine.metadata.name, stream: 'console' }))?.socket.terminate();
    }
  }

  dispose(): void {
    for (const { socket } of this.#sessions.values()) {
      socket.terminate();
    }
    this.#sockets.close();
  }

  #console(socket: WebSocket, request: IncomingMessage, target: Target, guest: Guest): void {
    const key = keyOf(target);
    // Whoever had it loses the connection without a word.
    this.#sessions.get(key)?.socket.terminate();
    const session = { socket, user: String(request.headers['x-remote-user'] ?? ''), client: request.headers['user-agent'] ?? '', startMs: Date.now() };
    this.#sessions.set(key, session);
    const serial = guest.serial();
    serial.on('data', (bytes: Buffer) => {
      // A guest that prints faster than its reader reads has to wait, as behind a real pipe.
      serial.pause();
      socket.send(bytes, { binary: true }, () => serial.resume());
    });
    serial.on('error', () => socket.terminate());
    serial.on('end', () => socket.close(1000));
    socket.on('message', (data, isBinary) => isBinary && serial.write(data));
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      serial.destroy();
      if (this.#sessions.get(key) === session) {
        this.#sessions.delete(key);
      }
    });
  }
}

interface Target {
  readonly namespace: string;
  readonly name: string;
  readonly stream?: 'console' | 'vnc' | 'portforward';
}

const keyOf = ({ namespace, name, stream }: Target) => `${namespace}/${name}/${stream}`;

function targetOf(path: string): Target | undefined {
  const match = /^\/namespaces\/([^/]+)\/virtualmachines\/([^/]+)(?:\/(console|vnc|portforward))?$/.exec(path.startsWith(base) ? path.slice(base.length) : '');
  const [, namespace, name, stream] = match ?? [];
  return namespace && name ? { namespace, name, ...(stream ? { stream: stream as 'console' } : {}) } : undefined;
}

const resource = (name: string, kind: string, verbs: readonly string[]) => ({ name, singularName: '', namespaced: true, kind, verbs });

const resourceList = {
  kind: 'APIResourceList', apiVersion: 'v1', groupVersion: `${streamGroup}/${version}`,
  resources: [
    resource('virtualmachines', 'VirtualMachine', ['get']),
    resource('virtualmachines/console', 'VirtualMachineConsole', ['get', 'create']),
    resource('virtualmachines/portforward', 'VirtualMachinePortForward', ['get', 'create']),
    resource('virtualmachines/vnc', 'VirtualMachineVNC', ['get', 'create']),
  ],
};

function status(code: number, reason: string, message: string): object {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, ...(reason === '' ? {} : { reason }), code };
}

function notFound(name: string): object {
  return { ...status(404, 'NotFound', `virtualmachines.${streamGroup} "${name}" not found`), details: { name, group: streamGroup, kind: 'virtualmachines' } };
}

const phrases: Readonly<Record<number, string>> = { 400: 'Bad Request', 404: 'Not Found', 500: 'Internal Server Error' };

/** Answers a handshake with a failure. */
function refuse(socket: Duplex, code: number, answer: object): void {
  const body = JSON.stringify(answer);
  socket.on('error', () => socket.destroy());
  socket.end(`HTTP/1.1 ${code} ${phrases[code]}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`);
}
