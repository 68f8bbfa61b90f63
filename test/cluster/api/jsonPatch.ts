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
      case 'replace': read(document, steps); document = set(document, steps, structuredClone(value)); break;
      case 'move': {
        const moved = read(document, stepsOf(from));
        document = add(remove(document, stepsOf(from)), steps, moved);
        break;
      }
      case 'copy': document = add(document, steps, structuredClone(read(document, stepsOf(from)))); break;
      case 'test':
        if (!isDeepStrictEqual(find(document, steps), value)) {
          throw refused();
        }
        break;
      default: throw refused();
    }
  }
  return document;
}

/** The real server does not say which operation failed, nor why. */
const refused = () => new ApiError(422, 'Invalid', 'the server rejected our request due to an error in our request', {});

function stepsOf(pointer: unknown): string[] {
  if (typeof pointer !== 'string' || (pointer !== '' && !pointer.startsWith('/'))) {
    throw refused();
  }
  return pointer.split('/').slice(1).map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function find(document: unknown, steps: readonly string[]): unknown {
  return steps.reduce<unknown>((value, step) => (Array.isArray(value) ? (value as unknown[])[Number(step)] : isObject(value) ? value[step] : undefined), document);
}

function read(document: unknown, steps: readonly string[]): unknown {
  const value = find(document, steps);
  if (value === undefined) {
    throw refused();
  }
  return value;
}

function parentOf(document: unknown, steps: readonly string[]): { parent: unknown[] | Record<string, unknown>; last: string } {
  const parent = find(document, steps.slice(0, -1));
  if (!Array.isArray(parent) && !isObject(parent)) {
    throw refused();
  }
  return { parent, last: steps.at(-1)! };
}

function add(document: unknown, steps: readonly string[], value: unknown): unknown {
  if (steps.length === 0) {
    return value;
  }
  const { parent, last } = parentOf(document, steps);
  if (Array.isArray(parent)) {
    const index = last === '-' ? parent.length : Number(last);
    if (!Number.isInteger(index) || index < 0 || index > parent.length) {
      throw refused();
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
  const { parent, last } = parentOf(document, steps);
  (parent as Record<string, unknown>)[last] = value;
  return document;
}

function remove(document: unknown, steps: readonly string[]): unknown {
  read(document, steps);
  const { parent, last } = parentOf(document, steps);
  if (Array.isArray(parent)) {
    parent.splice(Number(last), 1);
  } else {
    delete parent[last];
  }
  return document;
}
