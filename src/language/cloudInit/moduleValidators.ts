import type { CodeOptions, ValidateFunction } from 'ajv';
import { Ajv } from 'ajv';
import { isRecord } from '../../domain/kubeObject';
import type { JsonSchema } from './schema';

/**
 * What judges a value by one module of the `#cloud-config` schema, found by the module's `$ref`; each is compiled when it is first asked for.
 * A bundle contains the functions ready-made instead of this file: `scripts/readyValidators.ts`.
 */
export function moduleValidators(schema: JsonSchema): (ref: string) => ValidateFunction | undefined {
  const ajv = cloudConfigAjv(schema, { optimize: false });
  return (ref) => ajv.getSchema(moduleAddress(ref));
}

/** Days that there are; of a leap year's day in other years nothing is said. */
const date = /^\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|[12]\d))$/;

/** A compiler that knows the `#cloud-config` schema. */
export function cloudConfigAjv(schema: JsonSchema, code: CodeOptions): Ajv {
  // Draft 4, which ajv does not know by name; the keywords used mean the same in draft 7. Of formats Python knows dates; for the others it would need packages that cloud-init does not bring.
  const ajv = new Ajv({ strict: false, strictNumbers: true, formats: { date, hostname: true, uri: true }, allErrors: true, logger: false, validateSchema: false, inlineRefs: false, code });
  return ajv.addSchema(asDraft4({ ...schema, $schema: undefined }) as JsonSchema, 'cloud-config');
}

/** As cloud-init reads it, in draft 4 and with Python: what stands beside a `$ref` does not count, and the `$` of a pattern leaves out a last line break. */
function asDraft4(schema: unknown): unknown {
  if (Array.isArray(schema)) {
    return schema.map(asDraft4);
  }
  if (!isRecord(schema)) {
    return schema;
  }
  return typeof schema['$ref'] === 'string' ? { $ref: schema['$ref'] } : Object.fromEntries(Object.entries(schema).map(([key, value]) => (
    [key, key === 'pattern' && typeof value === 'string' ? value.replaceAll(/(?<!\\)\$/g, '\\n?$') : asDraft4(value)]
  )));
}

/** Where `cloudConfigAjv` knows the module with this `$ref`. */
export function moduleAddress(ref: string): string {
  return `cloud-config${ref}`;
}
