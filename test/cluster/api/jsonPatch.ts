import { isDeepStrictEqual } from 'node:util';
import { isObject, objectsOf } from './model';
import { ApiError, badRequest } from './status';

/** JSON patch, RFC 6902, on a private copy, which is changed and handed back. @throws ApiError 422 when an operation cannot be done */
export function jsonPatch(target: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch)) {
    throw badRequest('error decoding patch: json: cannot unmarshal object into Go value of type jsonpatch.Patch');
  }
  let document = target;
  for (const { op, path, from, value } of objectsOf(patch)) {
    const steps = stepsOf(path);
    switch (op) {
      case 'add': document = add(document, steps, structuredClone(value)); break;
      case 'remove': document = remove(document, steps); break;
      case 'replace': read(document, steps, 'replace'); document = set(document, steps, structuredClone(value)); break;
      case 'move': {
        const moved = read(document, stepsOf(from), 'move');
        document = add(remove(document, stepsOf(from)), steps, moved);
        break;
      }
      case 'copy': document = add(document, steps, structuredClone(read(document, stepsOf(from), 'copy'))); break;
      case 'test':
        if (!isDeepStrictEqual(find(document, steps), value)) {
          throw refused(`testing value ${textOf(path)} failed: test failed`);
        }
        break;
      default: throw refused(`Unexpected kind: ${textOf(op)}`);
    }
  }
  return document;
}

const refused = (text: string) => new ApiError(422, 'Invalid', `the server rejected our request due to an error in our request: ${text}`, {});

const textOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

function stepsOf(pointer: unknown): string[] {
  if (typeof pointer !== 'string' || (pointer !== '' && !pointer.startsWith('/'))) {
    throw refused(`${textOf(pointer)} is no JSON pointer`);
  }
  return pointer.split('/').slice(1).map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function find(document: unknown, steps: readonly string[]): unknown {
  return steps.reduce<unknown>((value, step) => (Array.isArray(value) ? (value as unknown[])[Number(step)] : isObject(value) ? value[step] : undefined), document);
}

function read(document: unknown, steps: readonly string[], operation: string): unknown {
  const value = find(document, steps);
  if (value === undefined) {
    throw refused(`${operation} operation does not apply: doc is missing key: /${steps.join('/')}: missing value`);
  }
  return value;
}

function parentOf(document: unknown, steps: readonly string[], operation: string): { parent: unknown[] | Record<string, unknown>; last: string } {
  const parent = find(document, steps.slice(0, -1));
  if (!Array.isArray(parent) && !isObject(parent)) {
    throw refused(`${operation} operation does not apply: doc is missing path: "/${steps.join('/')}": missing value`);
  }
  return { parent, last: steps.at(-1)! };
}

function add(document: unknown, steps: readonly string[], value: unknown): unknown {
  if (steps.length === 0) {
    return value;
  }
  const { parent, last } = parentOf(document, steps, 'add');
  if (Array.isArray(parent)) {
    const index = last === '-' ? parent.length : Number(last);
    if (!Number.isInteger(index) || index < 0 || index > parent.length) {
      throw refused(`add operation does not apply: doc is missing path: "/${steps.join('/')}": invalid index referenced`);
    }
    parent.splice(index, 0, value);
  } else {
    parent[last] = value;
  }
  return document;
}

function set(document: unknown, steps: readonly string[], value: unknown): unknown {
  if (steps.length === 0) {
    return value;
  }
  const { parent, last } = parentOf(document, steps, 'replace');
  (parent as Record<string, unknown>)[last] = value;
  return document;
}

function remove(document: unknown, steps: readonly string[]): unknown {
  read(document, steps, 'remove');
  const { parent, last } = parentOf(document, steps, 'remove');
  if (Array.isArray(parent)) {
    parent.splice(Number(last), 1);
  } else {
    delete parent[last];
  }
  return document;
}
