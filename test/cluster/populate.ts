import { sleep, systemClock } from '../../src/base/timing';
import type { AdminClient } from './adminClient';
import { isObject, objectOr, objectsOf, textOf, type ApiObject } from './api/model';

/** How many requests are under way at a time while a world is made. */
const concurrency = 12;

/** Where the objects of a kind are served. */
interface Served { readonly plural: string; readonly namespaced: boolean; readonly hasStatus: boolean }

const uidPattern = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/**
 * Creates objects through the API, then writes their status. Objects may refer to earlier ones by uid, in owner
 * references, labels or anywhere: such uids are replaced by those that the server gave.
 */
export class Population {
  readonly #client: AdminClient;
  readonly #served = new Map<string, Promise<ReadonlyMap<string, Served>>>();
  /** The uid that an object came with → the one that the server gave it, once it has. */
  readonly #uids = new Map<string, Promise<string>>();

  constructor(client: AdminClient) {
    this.#client = client;
  }

  /** Objects that exist are left as they are. */
  async create(objects: readonly ApiObject[]): Promise<void> {
    await this.#createAll(objects.filter(({ kind }) => kind === 'Namespace'));
    await this.#createAll(objects.filter(({ kind }) => kind !== 'Namespace'));
  }

  async #createAll(objects: readonly ApiObject[]): Promise<void> {
    const queue = [...objects];
    await Promise.all(Array.from({ length: concurrency }, async () => {
      for (let object = queue.shift(); object; object = queue.shift()) {
        // Begun in order, so what an object refers to is at least under way.
        const creation = this.#createOne(object);
        if (object.metadata.uid !== undefined) {
          creation.catch(() => undefined);
          this.#uids.set(object.metadata.uid, creation);
        }
        await creation;
      }
    }));
  }

  /** The uid that the object has now. */
  async #createOne(original: ApiObject): Promise<string> {
    const object = await this.#withServersUids(original);
    const served = (await this.#resources(object.apiVersion)).get(object.kind);
    if (!served) {
      throw new Error(`The cluster does not serve ${object.kind} of ${object.apiVersion}.`);
    }
    const prefix = object.apiVersion.includes('/') ? `/apis/${object.apiVersion}` : `/api/${object.apiVersion}`;
    const path = `${prefix}${served.namespaced ? `/namespaces/${object.metadata.namespace ?? 'default'}` : ''}/${served.plural}`;
    const answer = await this.#client.ask('POST', path, { body: object });
    if (answer.code === 409) {
      return textOf(objectOr((await this.#client.do('GET', `${path}/${object.metadata.name}`))['metadata'])['uid']);
    }
    if (answer.code !== 201) {
      throw new Error(`${object.kind} "${object.metadata.name}": ${textOf(answer.json['message']) || answer.text}`);
    }
    if (served.hasStatus && isObject(object['status']) && object.kind !== 'CustomResourceDefinition') {
      await this.#client.do('PATCH', `${path}/${object.metadata.name}/status`, { status: object['status'] });
    }
    return textOf(objectOr(answer.json['metadata'])['uid']);
  }

  async #withServersUids(original: ApiObject): Promise<ApiObject> {
    const text = JSON.stringify(original);
    const known = new Map<string, string>();
    for (const uid of new Set(text.match(uidPattern))) {
      const given = uid === original.metadata.uid ? undefined : await this.#uids.get(uid);
      if (given !== undefined) {
        known.set(uid, given);
      }
    }
    return JSON.parse(text.replace(uidPattern, (uid) => known.get(uid) ?? uid)) as ApiObject;
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
