/** JSON Schema draft 4 as cloud-init uses it; see `schemas/README.md` for the keywords of its own. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly patternProperties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema | readonly JsonSchema[];
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly oneOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly deprecated?: boolean;
  readonly deprecated_version?: string;
  readonly deprecated_description?: string;
  readonly changed?: boolean;
  readonly changed_version?: string;
  readonly changed_description?: string;
}

/** Everything that may apply to a value: references followed, combinations taken apart. */
export function alternatives(schema: JsonSchema | undefined, root: JsonSchema): readonly JsonSchema[] {
  const found: JsonSchema[] = [];
  const visit = (node: JsonSchema | undefined, depth: number) => {
    // Nobody nests combinations deeper than this; a schema that refers to itself ends here.
    if (!node || depth > 12) {
      return;
    }
    found.push(node);
    visit(node.$ref === undefined ? undefined : root.$defs?.[node.$ref.replace('#/$defs/', '')], depth + 1);
    [...node.allOf ?? [], ...node.oneOf ?? [], ...node.anyOf ?? []].forEach((each) => visit(each, depth + 1));
  };
  visit(schema, 0);
  return found;
}

/** What may be said about a key of a mapping or, with a number, about an item of a list. */
export function schemasBelow(schemas: readonly JsonSchema[], step: string | number, root: JsonSchema): readonly JsonSchema[] {
  return schemas.flatMap((schema) => {
    if (typeof step === 'number') {
      const items = schema.items;
      return alternatives(Array.isArray(items) ? (items as readonly JsonSchema[])[step] : items as JsonSchema | undefined, root);
    }
    const own = schema.properties && Object.hasOwn(schema.properties, step) ? schema.properties[step] : undefined;
    const byPattern = Object.entries(schema.patternProperties ?? {}).filter(([pattern]) => new RegExp(pattern).test(step)).map(([, each]) => each);
    const rest = own || byPattern.length > 0 || typeof schema.additionalProperties !== 'object' ? [] : [schema.additionalProperties];
    return [...(own ? [own] : []), ...byPattern, ...rest].flatMap((each) => alternatives(each, root));
  });
}

/** What may be said about the value at a path of a `#cloud-config`. */
export function schemasAt(root: JsonSchema, path: readonly (string | number)[]): readonly JsonSchema[] {
  return path.reduce<readonly JsonSchema[]>((schemas, step) => schemasBelow(schemas, step, root), alternatives(root, root));
}

/** The keys that a mapping may have, with the first schema that describes each; those that are outdated are left out. */
export function keysOf(schemas: readonly JsonSchema[], root: JsonSchema): ReadonlyMap<string, JsonSchema> {
  const keys = new Map<string, JsonSchema>();
  for (const schema of schemas) {
    for (const [key, property] of Object.entries(schema.properties ?? {})) {
      const described = alternatives(property, root).find(({ description }) => description !== undefined) ?? property;
      const known = keys.get(key);
      if (!known || (known.description === undefined && described.description !== undefined)) {
        keys.set(key, described);
      }
    }
  }
  return new Map([...keys].filter(([, { deprecated }]) => !deprecated));
}

/** The texts that a value may be. */
export function choicesOf(schemas: readonly JsonSchema[]): readonly string[] {
  const values = schemas.flatMap(({ enum: choices, type }) => choices ?? (type === 'boolean' ? [true, false] : []));
  return [...new Set(values.filter((value) => typeof value !== 'object').map(String))];
}

export function isOfType(value: unknown, schema: JsonSchema): boolean {
  const types = typeof schema.type === 'string' ? [schema.type] : schema.type;
  return types === undefined || types.some((type) => type === typeOf(value) || (type === 'number' && typeof value === 'number'));
}

function typeOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : Number.isInteger(value) ? 'integer' : typeof value;
}
