/** A JSON object of which nothing is known. */
export type JsonObject = { [field: string]: unknown };

/** An object of the API as decoded for one caller, who may change it: storage keeps bytes, never this. */
export interface ApiObject extends JsonObject {
  apiVersion: string;
  kind: string;
  metadata: ApiMeta;
}

export interface ApiMeta extends JsonObject {
  name: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
  managedFields?: ManagedFields[];
}

/** Who owns which fields; the last of them is a tree of `f:name`, `k:{…}`, `v:value` and `.`. */
export interface ManagedFields {
  manager: string;
  operation: 'Apply' | 'Update';
  apiVersion: string;
  time?: string;
  fieldsType: 'FieldsV1';
  fieldsV1: FieldSet;
  subresource?: string;
}

export interface FieldSet { [member: string]: FieldSet }

/** A column of a `Table`, as in a CRD's `additionalPrinterColumns`. */
export interface Column {
  readonly name: string;
  readonly type: string;
  readonly format?: string;
  readonly jsonPath: string;
  readonly priority?: number;
  readonly description?: string;
  /** What Kubernetes computes where no path leads; only for its own kinds. */
  readonly compute?: (object: ApiObject) => string | number;
}

/** One resource in one served version. */
export interface Resource {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly listKind: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  /** Whether `/status` is a subresource of its own; then writes of the object leave `status` alone and count generations. */
  readonly hasStatus: boolean;
  readonly scale?: { readonly specReplicasPath: string; readonly statusReplicasPath: string; readonly labelSelectorPath?: string };
  /** The version objects are stored in; differs from `version` only for kinds of a CRD. */
  readonly storageVersion: string;
  readonly columns?: readonly Column[];
  /** The structural schema of a CRD's version; undefined for Kubernetes' own kinds. */
  readonly schema?: JsonObject;
  /** Sent as a `Warning` header with every answer. */
  readonly deprecationWarning?: string;
  /** How a CRD's object gets from one version to another; undefined: only `apiVersion` changes. */
  readonly conversion?: JsonObject;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `value` when it is an object, else an empty one. */
export function objectOr(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/** A scalar as text; empty for everything else. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

export function stringsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

export function objectsOf(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function groupVersionOf(resource: { readonly group: string; readonly version: string }): string {
  return resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
}

/** As messages of the API server name a resource: `pods`, `virtualmachines.virtualization.deckhouse.io`. */
export function qualifiedName(resource: { readonly group: string; readonly plural: string }): string {
  return resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`;
}

/** As messages of the API server name a kind: `Pod`, `VirtualMachine.virtualization.deckhouse.io`. */
export function qualifiedKind(resource: { readonly group: string; readonly kind: string }): string {
  return resource.group === '' ? resource.kind : `${resource.kind}.${resource.group}`;
}

/** The time as Kubernetes writes it: whole seconds, UTC. */
export function nowOf(clock: { now(): number }): string {
  return timeOf(clock.now());
}

export function timeOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
