import { sleep, systemClock } from '../../src/base/timing';
import type { AdminClient } from './adminClient';
import { isObject, objectOr, objectsOf, textOf, type ApiObject } from './api/model';

/** How many requests are under way at a time while a world is made. */
const concurrency = 12;

/** Where the objects of a kind are served. */
interface Served { readonly plural: string; readonly namespaced: boolean; readonly hasStatus: boolean }

/** Creates objects through the API, then writes their status. Namespaces come first and owners before what they own. */
export class Population {
  readonly #client: AdminClient;
  readonly #served = new Map<string, Promise<ReadonlyMap<string, Served>>>();
  /** The uid that an object came with → the one that the server gave it. */
  readonly #uids = new Map<string, string>();

  constructor(client: AdminClient) {
    this.#client = client;
  }

  /** Objects that exist are left as they are. */
  async create(objects: readonly ApiObject[]): Promise<void> {
    for (const wave of [0, 1, 2]) {
      const queue = objects.filter((object) => waveOf(object) === wave);
      await Promise.all(Array.from({ length: concurrency }, async () => {
        for (let object = queue.shift(); object; object = queue.shift()) {
          await this.#createOne(object);
        }
      }));
    }
  }

  async #createOne(original: ApiObject): Promise<void> {
    // Owner references, and whatever else names an object by its uid, follow the server's own uids.
    const object = JSON.parse(JSON.stringify(original).replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (uid) => this.#uids.get(uid) ?? uid)) as ApiObject;
    const served = (await this.#resources(object.apiVersion)).get(object.kind);
    if (!served) {
      throw new Error(`The cluster does not serve ${object.kind} of ${object.apiVersion}.`);
    }
    const prefix = object.apiVersion.includes('/') ? `/apis/${object.apiVersion}` : `/api/${object.apiVersion}`;
    const path = `${prefix}${served.namespaced ? `/namespaces/${object.metadata.namespace ?? 'default'}` : ''}/${served.plural}`;
    const answer = await this.#client.ask('POST', path, { body: object });
    if (answer.code === 409) {
      return;
    }
    if (answer.code !== 201) {
      throw new Error(`${object.kind} "${object.metadata.name}": ${textOf(answer.json['message']) || answer.text}`);
    }
    const uid = objectOr(answer.json['metadata'])['uid'];
    if (object.metadata.uid !== undefined && typeof uid === 'string') {
      this.#uids.set(object.metadata.uid, uid);
    }
    if (served.hasStatus && isObject(object['status']) && object.kind !== 'CustomResourceDefinition') {
      await this.#client.do('PATCH', `${path}/${object.metadata.name}/status`, { status: object['status'] });
    }
  }

  #resources(apiVersion: string): Promise<ReadonlyMap<string, Served>> {
    let resources = this.#served.get(apiVersion);
    if (!resources) {
      resources = this.#discover(apiVersion);
      this.#served.set(apiVersion, resources);
    }
    return resources;
  }

  async #discover(apiVersion: string): Promise<ReadonlyMap<string, Served>> {
    const list = await this.#client.do('GET', apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`);
    const entries = objectsOf(list['resources']);
    return new Map(entries.filter((entry) => !textOf(entry['name']).includes('/')).map((entry) => [textOf(entry['kind']), {
      plural: textOf(entry['name']), namespaced: entry['namespaced'] === true,
      hasStatus: entries.some((other) => other['name'] === `${textOf(entry['name'])}/status`),
    }]));
  }
}

function waveOf({ kind, metadata }: ApiObject): number {
  if (kind === 'Namespace') {
    return 0;
  }
  return Array.isArray(metadata['ownerReferences']) ? 2 : 1;
}

/** Waits until every CustomResourceDefinition among `crds` is established and its kind answers. */
export async function untilServed(client: AdminClient, crds: readonly ApiObject[]): Promise<void> {
  for (const crd of crds) {
    const spec = objectOr(crd['spec']);
    const version = textOf(objectsOf(spec['versions']).find((candidate) => candidate['served'] === true)?.['name']);
    const path = `/apis/${textOf(spec['group'])}/${version}/${textOf(objectOr(spec['names'])['plural'])}?limit=1`;
    while ((await client.ask('GET', path)).code !== 200) {
      await sleep(systemClock, 50);
    }
  }
}
