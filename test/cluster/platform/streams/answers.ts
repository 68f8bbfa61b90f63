import type { IncomingMessage } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

export const streamGroup = 'subresources.virtualization.deckhouse.io';
const groupVersion = `${streamGroup}/v1alpha2`;
const base = `/apis/${groupVersion}`;

/** What a request is about: the group itself, a machine, or one of its streams. */
export type Route = { readonly isDiscovery: true } | ({ readonly isDiscovery: false } & Target);

export interface Target {
  readonly namespace: string;
  readonly name: string;
  readonly stream?: 'console' | 'vnc' | 'portforward';
  readonly query: URLSearchParams;
}

/** `undefined`: there is no such path. */
export function routeOf(request: IncomingMessage): Route | undefined {
  const url = new URL(request.url ?? '/', 'https://localhost');
  if (url.pathname === base) {
    return { isDiscovery: true };
  }
  const match = /^\/namespaces\/([^/]+)\/virtualmachines\/([^/]+)(?:\/(console|vnc|portforward))?$/.exec(url.pathname.startsWith(base) ? url.pathname.slice(base.length) : '');
  const [, namespace, name, stream] = match ?? [];
  return namespace && name ? { isDiscovery: false, namespace, name, query: url.searchParams, ...(stream ? { stream: stream as 'console' } : {}) } : undefined;
}

/** An answer other than a stream. */
export interface Answer { readonly code: number; readonly body: object }

export function failure(code: number, reason: string, message: string, details?: object): Answer {
  return { code, body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, ...(reason === '' ? {} : { reason }), ...(details ? { details } : {}), code } };
}

export const nothingHere = failure(404, 'NotFound', 'the server could not find the requested resource');
export const notRunning = failure(500, '', 'VirtualMachine is not Running or Migrating');
export const noUpgrade = failure(400, 'BadRequest', 'Upgrade request required');

export function notFound(name: string): Answer {
  return failure(404, 'NotFound', `virtualmachines.${streamGroup} "${name}" not found`, { name, group: streamGroup, kind: 'virtualmachines' });
}

/** What the layer below says when it cannot dial a port. */
export function undialled(cause: string): Answer {
  return failure(500, 'InternalError', `Internal error occurred: dialing VM: ${cause}`, { causes: [{ message: `dialing VM: ${cause}` }] });
}

/** Answers a handshake without a stream. */
export function refuse(socket: Duplex, { code, body }: Answer): void {
  const text = JSON.stringify(body);
  socket.on('error', () => socket.destroy());
  socket.end(`HTTP/1.1 ${code} ${STATUS_CODES[code] ?? ''}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`);
}

const resource = (name: string, kind: string, verbs: readonly string[]) => ({ name, singularName: '', namespaced: true, kind, verbs });

export const resourceList: Answer = {
  code: 200,
  body: {
    kind: 'APIResourceList', apiVersion: 'v1', groupVersion,
    resources: [
      resource('virtualmachines', 'VirtualMachine', ['get']),
      resource('virtualmachines/console', 'VirtualMachineConsole', ['get', 'create']),
      resource('virtualmachines/portforward', 'VirtualMachinePortForward', ['get', 'create']),
      resource('virtualmachines/vnc', 'VirtualMachineVNC', ['get', 'create']),
    ],
  },
};

export const machineAnswer = (metadata: object): Answer => ({ code: 200, body: { apiVersion: groupVersion, kind: 'VirtualMachine', metadata } });
