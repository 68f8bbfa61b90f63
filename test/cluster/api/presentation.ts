import type { Conversion } from './conversion';
import { groupVersionOf, type ApiObject, type JsonObject, type Resource } from './model';
import { decode, type Stored } from './storage';
import { tableOf } from './table';

/** The form an answer is wanted in, of the `Accept` header. */
export type Form = 'object' | 'table' | 'metadata';

const metaGroup = 'meta.k8s.io/v1';

/** The first form of the header that we speak; whole objects when none is named. */
export function formOf(accept: string | undefined): Form {
  for (const range of (accept ?? '').split(',')) {
    const parameters = new Map(range.split(';').slice(1).map((parameter) => parameter.trim().split('=') as [string, string]));
    if (!/^\s*(application\/json|application\/\*|\*\/\*)/.test(range)) {
      continue;
    }
    switch (parameters.get('as')) {
      case undefined: return 'object';
      case 'Table': return 'table';
      case 'PartialObjectMetadata': case 'PartialObjectMetadataList': return 'metadata';
      default:
    }
  }
  return 'object';
}

/** How much of each object a Table carries: `Metadata` unless the request says `None` or `Object`. */
export type IncludeObject = 'None' | 'Metadata' | 'Object';

export interface Presentation { readonly form: Form; readonly includeObject: IncludeObject; readonly nowMs: number }

/** One object in the form and version that were asked for. */
export function present(conversion: Conversion, resource: Resource, stored: Stored, as: Presentation): Buffer | Promise<Buffer> {
  switch (as.form) {
    case 'object': return conversion.encode(resource, stored);
    case 'metadata': return Buffer.from(JSON.stringify(metadataOf(decode(stored))));
    case 'table': return conversion.decode(resource, [stored]).then((objects) => Buffer.from(JSON.stringify(tableOf(resource, objects, as, { resourceVersion: String(stored.revision) }))));
  }
}

/** A list in the form that was asked for, as chunks to be sent one after another. */
export async function presentList(conversion: Conversion, resource: Resource, items: readonly Stored[], metadata: JsonObject, as: Presentation): Promise<Buffer[]> {
  switch (as.form) {
    case 'table': return [Buffer.from(JSON.stringify(tableOf(resource, await conversion.decode(resource, items), as, metadata)))];
    case 'metadata': return [Buffer.from(JSON.stringify({ kind: 'PartialObjectMetadataList', apiVersion: metaGroup, metadata, items: items.map((stored) => metadataOf(decode(stored))) }))];
    case 'object': return join(resource, await conversion.encodeAll(resource, items), metadata);
  }
}

/** Joins encoded objects to a list. Kubernetes' own kinds carry no `kind` and `apiVersion` inside a list. */
function join(resource: Resource, items: readonly Buffer[], metadata: JsonObject): Buffer[] {
  const chunks: Buffer[] = [Buffer.from(`{"kind":"${resource.listKind}","apiVersion":"${groupVersionOf(resource)}","metadata":${JSON.stringify(metadata)},"items":[`)];
  const envelope = Buffer.byteLength(`{"kind":"${resource.kind}","apiVersion":"${groupVersionOf(resource)}",`);
  items.forEach((item, index) => {
    chunks.push(Buffer.from(index === 0 ? '' : ','));
    if (resource.schema) {
      chunks.push(item);
    } else {
      chunks.push(Buffer.from('{'), item.subarray(envelope));
    }
  });
  chunks.push(Buffer.from(']}\n'));
  return [Buffer.concat(chunks)];
}

function metadataOf(object: ApiObject): JsonObject {
  return { kind: 'PartialObjectMetadata', apiVersion: metaGroup, metadata: object.metadata };
}
