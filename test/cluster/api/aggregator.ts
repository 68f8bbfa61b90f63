import type { IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect, type TLSSocket } from 'node:tls';
import { endTogether } from '../letGo';
import type { User } from './access';
import { writeHead, type Exchange } from './answer';
import { objectOr, objectsOf, textOf, type JsonObject } from './model';
import { ApiError } from './status';
import { decode, derived, type Storage } from './storage';
import type { Endpoint, ServiceResolver } from './webhookCall';

/** A version of a group that another server answers for. */
export interface AggregatedVersion { readonly group: string; readonly version: string }

interface Foreign extends AggregatedVersion { readonly service: JsonObject; readonly ca: Buffer | undefined; readonly insecure: boolean }

const key = 'apiregistration.k8s.io/apiservices';

/** Passes requests for the groups of stored APIServices on to their servers, saying who asks. */
export class Aggregator {
  readonly #foreign: () => readonly Foreign[];
  readonly #resolve: ServiceResolver;

  constructor(storage: Storage, resolve: ServiceResolver) {
    this.#resolve = resolve;
    this.#foreign = derived(storage, [key], () => storage.snapshot(key).items.flatMap((stored): Foreign[] => {
      const spec = objectOr(decode(stored)['spec']);
      return spec['service'] === undefined || spec['service'] === null ? [] : [{
        group: textOf(spec['group']), version: textOf(spec['version']), service: objectOr(spec['service']),
        ca: typeof spec['caBundle'] === 'string' ? Buffer.from(spec['caBundle'], 'base64') : undefined, insecure: spec['insecureSkipTLSVerify'] === true,
      }];
    }));
  }

  get versions(): readonly AggregatedVersion[] {
    return this.#foreign();
  }

  /** Whether the path belongs to a group version that another server answers for. */
  owns(path: string): boolean {
    return this.#find(path) !== undefined;
  }

  /** The resources that the other server says it has, in discovery's old form; undefined when it does not answer. */
  async resources(version: AggregatedVersion): Promise<readonly JsonObject[] | undefined> {
    const path = `/apis/${version.group}/${version.version}`;
    const target = this.#target(this.#find(path)!);
    return await new Promise<readonly JsonObject[] | undefined>((resolve) => {
      httpsRequest({ ...target, path, signal: AbortSignal.timeout(5000), headers: { accept: 'application/json', ...identity({ name: 'system:aggregator', groups: ['system:masters'] }) } }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', () => resolve(undefined)).on('end', () => {
          try {
            resolve(objectsOf(objectOr(JSON.parse(Buffer.concat(chunks).toString()))['resources']));
          } catch {
            resolve(undefined);
          }
        });
      }).on('error', () => resolve(undefined)).end();
    });
  }

  /** Passes a request on and its answer back. @throws ApiError 503 */
  async forward(exchange: Exchange, path: string, user: User): Promise<void> {
    const { request, response } = exchange;
    const target = this.#target(this.#find(path)!);
    await new Promise<void>((resolve, reject) => {
      const outgoing = httpsRequest({ ...target, method: request.method, path: request.url, headers: headersFor(request, user) }, (answer) => {
        answer.headers.warning?.split(',').forEach((warning) => exchange.warnings.add(warning));
        writeHead(exchange, answer.statusCode ?? 502, Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, String(value)])));
        answer.pipe(response).once('finish', () => resolve()).once('close', () => resolve());
      });
      outgoing.once('error', (error) => reject(unreachable(error)));
      response.once('close', () => outgoing.destroy());
      request.pipe(outgoing);
    });
  }

  /** Passes an upgrade (a WebSocket) on: from then on bytes flow both ways until either side ends. */
  upgrade(request: IncomingMessage, client: Duplex, head: Buffer, path: string, user: User): void {
    const target = this.#target(this.#find(path)!);
    const backend: TLSSocket = connect(target, () => {
      const headers = Object.entries(headersFor(request, user)).flatMap(([name, value]) => [value ?? []].flat().map((one) => `${name}: ${one}`));
      backend.write(`${request.method ?? 'GET'} ${request.url ?? path} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`);
      backend.write(head);
      backend.pipe(client).pipe(backend);
    });
    (client as Socket).setNoDelay?.(true);
    backend.setNoDelay(true);
    endTogether(backend, client);
  }

  #find(path: string): Foreign | undefined {
    const [, root, group, version] = path.split('/');
    return root === 'apis' ? this.#foreign().find((foreign) => foreign.group === group && foreign.version === version) : undefined;
  }

  #target({ service, ca, insecure }: Foreign): { host: string; port: number; servername: string; ca?: Buffer; rejectUnauthorized: boolean } {
    const endpoint: Endpoint | undefined = this.#resolve(textOf(service['namespace']), textOf(service['name']), typeof service['port'] === 'number' ? service['port'] : 443);
    if (!endpoint) {
      throw new ApiError(503, 'ServiceUnavailable', 'service unavailable');
    }
    return { host: endpoint.host, port: endpoint.port, servername: endpoint.serverName, ...(ca ? { ca } : {}), rejectUnauthorized: !insecure };
  }
}

const unreachable = (error: Error) => new ApiError(503, 'ServiceUnavailable', `error trying to reach service: ${error.message}`);

/** The headers of the client without its credentials, and who it is. */
function headersFor(request: IncomingMessage, user: User): NodeJS.Dict<string | string[]> {
  const kept = Object.entries(request.headers).filter(([name]) => name !== 'authorization' && !name.startsWith('x-remote-'));
  return { ...Object.fromEntries(kept), ...identity(user) };
}

function identity(user: User): { 'x-remote-user': string; 'x-remote-group': string[] } {
  return { 'x-remote-user': user.name, 'x-remote-group': [...user.groups] };
}

/** Services of type ExternalName are reached under that name; the certificate must carry the Service's own. */
export function serviceResolver(storage: Storage): ServiceResolver {
  return (namespace, name, port) => {
    const stored = storage.get('/services', `${namespace}/${name}`);
    const spec = stored ? objectOr(decode(stored)['spec']) : {};
    return typeof spec['externalName'] === 'string' ? { host: spec['externalName'], port, serverName: `${name}.${namespace}.svc` } : undefined;
  };
}
