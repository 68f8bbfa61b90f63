import type { Path } from '../domain/values';
import { stringAt } from '../domain/values';
import { provisioningTypes } from './identity';
import type { Manifest, Range } from './manifest';
import { nodeAt } from './places';
import { isObject } from './prune';

/** A text inside a manifest that has a language of its own: the user data of a machine. */
export interface EmbeddedText {
  /** Where in the manifest. */
  readonly path: Path;
  readonly text: string;
  /** The whole scalar, within the document. */
  readonly range: Range;
  /** The place in the document of a place in the text; `undefined` where the text does not stand there as it is (base64, quotes). */
  readonly locate: ((offset: number) => number) | undefined;
}

const embedded = new WeakMap<Manifest, readonly EmbeddedText[]>();

/** The cloud-init texts of a machine, of a pool's template or of a Secret. */
export function embeddedTexts(manifest: Manifest): readonly EmbeddedText[] {
  let found = embedded.get(manifest);
  if (!found) {
    found = find(manifest);
    embedded.set(manifest, found);
  }
  return found;
}

function find(manifest: Manifest): readonly EmbeddedText[] {
  const { value } = manifest;
  if (!isObject(value) || manifest.syntax) {
    return [];
  }
  const places: Path[] = [];
  if (value['kind'] === 'VirtualMachine') {
    places.push(['spec', 'provisioning', 'userData']);
  } else if (value['kind'] === 'VirtualMachinePool') {
    places.push(['spec', 'virtualMachineTemplate', 'spec', 'provisioning', 'userData']);
  } else if (value['kind'] === 'Secret' && value['type'] === provisioningTypes.cloudInit) {
    places.push(...['stringData', 'data'].flatMap((holder) => ['userData', 'userdata'].map((key) => [holder, key])));
  }
  return places.flatMap((path) => {
    const text = stringAt(value, path.join('.'));
    const node = nodeAt(manifest, path);
    if (text === undefined || node?.node !== 'scalar') {
      return [];
    }
    const range = { start: node.start, end: node.end };
    if (path[0] === 'data') {
      const decoded = decodeBase64(text);
      return decoded === undefined ? [] : [{ path, text: decoded, range, locate: undefined }];
    }
    return [{ path, text, range, locate: node.style === 'literal' ? lazily(() => locator(manifest.text, range)) : undefined }];
  });
}

/** Where nothing is found, no place is asked for. */
function lazily(make: () => (offset: number) => number): (offset: number) => number {
  let made: ((offset: number) => number) | undefined;
  return (offset) => (made ??= make())(offset);
}

/** Lines of a literal block stand in the document as they are, behind the indentation of the first that is not blank. */
function locator(source: string, { start, end }: Range): (offset: number) => number {
  const bodyStart = source.indexOf('\n', start) + 1;
  const header = source.slice(start, bodyStart);
  const body = source.slice(bodyStart, end);
  const first = /^( *)(?=[^ \r\n])/m.exec(body)?.[1]?.length ?? 0;
  const explicit = /^[|>][-+]?([1-9])/.exec(header)?.[1];
  // An explicit indicator counts from the parent, which is where the key's line is indented to.
  const indent = explicit === undefined ? first : Math.min(first, parentIndent(source, start) + Number(explicit));
  const lines = body.split('\n');
  const inner: number[] = [];
  const outer: number[] = [];
  let innerAt = 0;
  let outerAt = bodyStart;
  for (const line of lines) {
    const cut = Math.min(indent, /^ */.exec(line)?.[0].length ?? 0);
    inner.push(innerAt);
    outer.push(outerAt + cut);
    innerAt += line.replace(/\r$/, '').length - cut + 1;
    outerAt += line.length + 1;
  }
  return (offset) => {
    let line = inner.findLastIndex((at) => at <= offset);
    line = Math.max(line, 0);
    return Math.min((outer[line] ?? bodyStart) + offset - (inner[line] ?? 0), end);
  };
}

function parentIndent(source: string, offset: number): number {
  const lineStart = source.lastIndexOf('\n', offset) + 1;
  return /^[ -]*/.exec(source.slice(lineStart, offset))?.[0].length ?? 0;
}

function decodeBase64(text: string): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(atob(text.replace(/\s/g, '')), (char) => char.charCodeAt(0)));
  } catch {
    return undefined;
  }
}
