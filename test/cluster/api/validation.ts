import { parse } from 'yaml';
import { isObject, objectOr, type ApiObject, type JsonObject, type Resource } from './model';
import { decodeProtobuf } from './protobuf';
import { badRequest, type Cause } from './status';

/** The text of a request as an object, and what strict decoding has against it (`unknown field "spec.x"`). @throws ApiError 400 */
export function decodeBody(body: Buffer, contentType: string): { object: JsonObject; problems: string[] } {
  if (contentType.includes('protobuf')) {
    return { object: decodeProtobuf(body), problems: [] };
  }
  let value: unknown;
  try {
    value = contentType.includes('yaml') ? parse(body.toString()) : JSON.parse(body.toString());
  } catch (error) {
    throw badRequest(`error decoding: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!isObject(value)) {
    throw badRequest('error decoding: expected an object');
  }
  return { object: value, problems: [] };
}

/** Removes what the schema does not know and says what that was. Changes `object`. */
export function prune(resource: Resource, object: ApiObject): string[] {
  const problems: string[] = [];
  if (resource.schema) {
    const { spec, status } = objectOr(resource.schema['properties']);
    pruneFields(objectOr(spec), object['spec'], 'spec', problems);
    pruneFields(objectOr(status), object['status'], 'status', problems);
  }
  return problems;
}

function pruneFields(schema: JsonObject, value: unknown, path: string, problems: string[]): void {
  if (Array.isArray(value)) {
    value.forEach((item: unknown, index) => pruneFields(objectOr(schema['items']), item, `${path}[${index}]`, problems));
  } else if (isObject(value)) {
    const properties = objectOr(schema['properties']);
    for (const [field, child] of Object.entries(value)) {
      if (Object.hasOwn(properties, field)) {
        pruneFields(objectOr(properties[field]), child, `${path}.${field}`, problems);
      } else if (isObject(schema['additionalProperties'])) {
        pruneFields(schema['additionalProperties'], child, `${path}.${field}`, problems);
      } else if (schema['additionalProperties'] !== true && schema['x-kubernetes-preserve-unknown-fields'] !== true && schema['type'] === 'object') {
        problems.push(`unknown field "${path}.${field}"`);
        delete value[field];
      }
    }
  }
}

/** Fills in the schema's defaults. Changes `object`. */
export function fillInDefaults(_resource: Resource, _object: ApiObject): void {
  // Nothing is known of defaults yet: structure only.
}

/** What the schema and its rules have against an object. */
export function validate(_resource: Resource, _object: ApiObject, _old: ApiObject | undefined): readonly Cause[] {
  return [];
}
