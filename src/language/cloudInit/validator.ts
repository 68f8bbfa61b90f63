import type { ErrorObject, ValidateFunction } from 'ajv';
import { isObject } from '../prune';
import type { Json } from '../scalars';
import { moduleValidators } from './moduleValidators';
import type { JsonSchema } from './schema';

/** What cloud-init's schema has against a value; empty when it is valid. */
export type CloudConfigValidator = (value: Json) => readonly ErrorObject[];

const validators = new WeakMap<object, CloudConfigValidator>();

/** The validator of a `#cloud-config` schema; the same for the same schema. */
export function cloudConfigValidator(schema: object): CloudConfigValidator {
  let validator = validators.get(schema);
  if (!validator) {
    validator = createValidator(schema);
    validators.set(schema, validator);
  }
  return validator;
}

/**
 * The schema is a sum of modules, each of which describes some keys. A module is asked when one of its keys is met:
 * compiling all of them together takes longer than judging hundreds of texts.
 */
function createValidator(schema: JsonSchema): CloudConfigValidator {
  const validatorOf = moduleValidators(schema);
  const modules = (schema.allOf ?? []).map(({ $ref = '' }) => ({ $ref, keys: keysOnly(schema.$defs?.[$ref.replace('#/$defs/', '')]) }));
  return (value) => {
    if (!isObject(value)) {
      return [{ keyword: 'type', instancePath: '', schemaPath: '#/type', params: { type: 'object' }, message: 'must be object' }];
    }
    const applying = modules.filter(({ keys }) => keys?.some((key) => Object.hasOwn(value, key)) ?? true);
    const strangers = Object.keys(value).filter((key) => !Object.hasOwn(schema.properties ?? {}, key))
      .map((key): ErrorObject => ({ keyword: 'additionalProperties', instancePath: '', schemaPath: '#/additionalProperties', params: { additionalProperty: key } }));
    return [...strangers, ...applying.flatMap(({ $ref }) => failures(validatorOf($ref), value))];
  };
}

/** The keys without which a module says nothing; `undefined` for one that always speaks. */
function keysOnly(module: JsonSchema | undefined): readonly string[] | undefined {
  const isQuiet = module?.additionalProperties !== false && Object.keys(module ?? {}).every((keyword) => ['type', 'properties', 'additionalProperties', 'description', 'title'].includes(keyword));
  return isQuiet ? Object.keys(module?.properties ?? {}) : undefined;
}

function failures(validate: ValidateFunction | undefined, value: Json): readonly ErrorObject[] {
  return validate === undefined || validate(value) === true ? [] : validate.errors ?? [];
}
