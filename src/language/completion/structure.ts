import { choicesOf } from '../schemaPath';
import type { Schema } from '../structural';
import { escapeSnippet } from './offer';

/** Texts that are better to start from than nothing, by the last steps of their path. */
const examples: Readonly<Record<string, string>> = {
  'memory.size': '4Gi', 'persistentVolumeClaim.size': '20Gi', 'cpu.cores': '2', 'http.url': 'https://', 'containerImage.image': 'registry.example.org/image:tag',
  'blockDeviceRefs.kind': 'VirtualDisk', 'cores.min': '1', 'cores.max': '4', virtualMachineClassName: 'generic',
};

/** Numbers the places of one snippet. */
export class Places {
  #last = 0;

  /** With a text that is selected, or a choice. */
  next(text: string | undefined, choices: readonly string[] = []): string {
    this.#last++;
    return choices.length > 1 ? `\${${this.#last}|${choices.map((choice) => choice.replace(/[\\,|]/g, '\\$&')).join(',')}|}`
      : text === undefined ? `\${${this.#last}}` : `\${${this.#last}:${escapeSnippet(text)}}`;
  }
}

/** What belongs behind the colon of a field, as a snippet: the required structure below, or a place for the value. Lines are indented from the field's column. */
export function valueSnippet(name: string, schema: Schema, places: Places, parent = ''): string {
  if (schema.type === 'object' && !schema.additionalProperties) {
    const lines = requiredLines(schema, places, name);
    return lines.length === 0 ? `\n  ${places.next(undefined)}` : `\n${indented(lines, '  ')}`;
  }
  if (schema.type === 'object') {
    return `\n  ${places.next('key')}: ${places.next('value')}`;
  }
  if (schema.type === 'array') {
    return `\n${indented([itemSnippet(schema.items, places, name)], '  ')}`;
  }
  return ` ${scalarPlace(name, schema, places, parent)}`;
}

/** One item of a list with its dash; further lines are indented by two columns. */
export function itemSnippet(schema: Schema | undefined, places: Places, parent = ''): string {
  if (schema?.type !== 'object') {
    return `- ${scalarPlace('', schema ?? {}, places, parent)}`;
  }
  // Lists whose items require nothing, such as devices, are of little use without their first fields.
  const named = requiredLines(schema, places, parent);
  const lines = named.length > 0 ? named : Object.entries(schema.properties ?? {}).filter(([, each]) => each.type === 'string').slice(0, 2).map(([name, each]) => `${name}: ${scalarPlace(name, each, places, parent)}`);
  return `- ${indented(lines, '  ').trimStart() || places.next(undefined)}`;
}

/** `name: value` for each required field, in the order of the schema. */
export function requiredLines(schema: Schema, places: Places, parent: string): readonly string[] {
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).filter(([name, each]) => required.has(name) && each.default === undefined)
    .map(([name, each]) => `${name}:${valueSnippet(name, each, places, parent)}`);
}

function scalarPlace(name: string, schema: Schema, places: Places, parent: string): string {
  const possible = choicesOf(schema) ?? (schema.type === 'boolean' ? ['true', 'false'] : []);
  const example = examples[`${parent}.${name}`] ?? examples[name] ?? (schema.default === undefined || typeof schema.default === 'object' ? undefined : String(schema.default));
  const choices = example !== undefined && possible.includes(example) ? [example, ...possible.filter((choice) => choice !== example)] : possible;
  return choices.length > 1 ? places.next(undefined, choices) : places.next(choices[0] ?? example);
}

function indented(lines: readonly string[], indent: string): string {
  return lines.join('\n').replaceAll(/^/gm, indent);
}
