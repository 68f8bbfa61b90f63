import { randomUUID } from 'node:crypto';
import { groupVersionOf, isObject, objectOr, objectsOf, type ApiObject, type Resource } from './model';
import { internalError } from './status';
import { decode, type Stored } from './storage';
import type { WebhookCaller } from './webhookCall';

/** Brings objects of a CRD's kind from one of its versions to another. */
export class Conversion {
  readonly #call: WebhookCaller;

  constructor(call: WebhookCaller) {
    this.#call = call;
  }

  /** The bytes of a stored object in the version of `resource`; no promise where nothing has to be converted. */
  encode(resource: Resource, stored: Stored): Buffer | Promise<Buffer> {
    return resource.version === resource.storageVersion ? stored.json : this.decode(resource, [stored]).then(([object]) => encodeObject(object!));
  }

  async encodeAll(resource: Resource, items: readonly Stored[]): Promise<readonly Buffer[]> {
    return resource.version === resource.storageVersion ? items.map((stored) => stored.json) : (await this.decode(resource, items)).map(encodeObject);
  }

  /** Stored objects in the version of `resource`. */
  decode(resource: Resource, items: readonly Stored[]): Promise<ApiObject[]> {
    return this.#convert(resource, items.map(decode), resource.version);
  }

  toStorage(resource: Resource, object: ApiObject): Promise<ApiObject> {
    return this.toVersion(resource, object, resource.storageVersion);
  }

  async toVersion(resource: Resource, object: ApiObject, version: string): Promise<ApiObject> {
    return (await this.#convert(resource, [object], version))[0]!;
  }

  async #convert(resource: Resource, objects: ApiObject[], version: string): Promise<ApiObject[]> {
    const desiredAPIVersion = groupVersionOf({ group: resource.group, version });
    if (objects.every((object) => object.apiVersion === desiredAPIVersion)) {
      return objects;
    }
    if (!resource.conversion) {
      return objects.map((object) => ({ ...object, apiVersion: desiredAPIVersion }));
    }
    const uid = randomUUID();
    const answer = await this.#call(objectOr(resource.conversion['clientConfig']), {
      apiVersion: 'apiextensions.k8s.io/v1', kind: 'ConversionReview', request: { uid, desiredAPIVersion, objects },
    }, 30_000).catch((error: unknown) => { throw failure(resource, version, error instanceof Error ? error.message : String(error)); });
    const response = objectOr(answer['response']);
    const result = objectOr(response['result']);
    if (result['status'] !== 'Success') {
      throw failure(resource, version, typeof result['message'] === 'string' ? result['message'] : 'the webhook gave no reason');
    }
    // Webhooks must not touch metadata beyond labels and annotations.
    return objectsOf(response['convertedObjects']).map((object, index) => {
      const { labels, annotations } = isObject(object['metadata']) ? object['metadata'] as ApiObject['metadata'] : {};
      return { ...object, metadata: { ...objects[index]!.metadata, ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}) } } as ApiObject;
    });
  }
}

export function encodeObject(object: ApiObject): Buffer {
  const { kind, apiVersion, ...rest } = object;
  return Buffer.from(JSON.stringify({ kind, apiVersion, ...rest }));
}

function failure(resource: Resource, version: string, text: string) {
  return internalError(`conversion webhook for ${resource.group}/${resource.storageVersion}, Kind=${resource.kind} to ${version} failed: ${text}`);
}
