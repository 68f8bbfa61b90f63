import type { Document, Node, Pair } from 'yaml';
import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Json } from './scalars';
import { resolvePlain, setOwn } from './scalars';

/** A key that a mapping has already; `line` is 1-based within the document, `key` as Go prints it. */
export interface DuplicateKey {
  readonly key: string;
  readonly line: number;
  /** Offset of the repeated key within the document's text. */
  readonly offset: number;
  readonly endOffset: number;
}

/** The document cannot become JSON; `offset` is where, in its text. */
export class DecodeError extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/**
 * The value of a parsed YAML document as Go's `sigs.k8s.io/yaml` decodes it: its own scalar dialect, aliases, merge keys that
 * are applied in the order of writing, and an upper bound for what aliases may multiply. Throws {@link DecodeError}.
 */
export function decodeDocument(document: Document.Parsed, text: string): { value: Json; duplicates: readonly DuplicateKey[] } {
  const decoder = new Decoder(document.contents, text);
  return { value: document.contents === null ? null : decoder.decode(document.contents), duplicates: decoder.duplicates };
}

/** Finds what an alias stands for: the nearest earlier anchor of that name. `undefined` for aliases without one. */
export function aliasTargets(root: Node | null): ReadonlyMap<Node, Node> {
  const anchors = new Map<string, Node>();
  const targets = new Map<Node, Node>();
  const visit = (node: unknown) => {
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      if (target) {
        targets.set(node, target);
      }
    } else if (isMap(node) || isSeq(node) || isScalar(node)) {
      if (node.anchor) {
        anchors.set(node.anchor, node);
      }
      if (isMap(node)) {
        node.items.forEach((pair) => { visit(pair.key); visit(pair.value); });
      } else if (isSeq(node)) {
        node.items.forEach(visit);
      }
    }
  };
  visit(root);
  return targets;
}

/** Whether a key is `<<` in the sense of a merge. */
export function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.value === '<<' && (key.tag === undefined ? key.type === 'PLAIN' : key.tag === 'tag:yaml.org,2002:merge');
}

/** The JSON name of a mapping's key. Throws `ScalarError` for a scalar that has no JSON value. */
export function keyName(key: unknown): string {
  return String(keyValue(key));
}

function keyValue(key: unknown): string | number | boolean {
  const value = isScalar(key) ? scalarValue(key) : key === null ? null : undefined;
  if (value === undefined || value === null || typeof value === 'object') {
    throw new Error(value === null ? 'unsupported map key of type: <nil>' : 'yaml: invalid map key');
  }
  return value;
}

type Scalar = Extract<Node, { source?: string }>;

function scalarValue(node: unknown): Json {
  const { tag, type, source, value } = node as Scalar & { type?: string; value: unknown };
  const text = typeof value === 'string' ? value : source ?? '';
  return type === 'PLAIN' || type === undefined || (tag !== undefined && tag !== '!') ? resolvePlain(text, tag === '!' ? 'tag:yaml.org,2002:str' : tag) : text;
}

/** Below so many decoded nodes nothing is said about aliases; the library's own numbers. */
const freeAliases = 100;
const freeNodes = 1000;

class Decoder {
  readonly duplicates: DuplicateKey[] = [];
  readonly #text: string;
  readonly #targets: ReadonlyMap<Node, Node>;
  readonly #open = new Set<Node>();
  #flowDepth = 0;
  #aliasDepth = 0;
  #nodes = 0;
  #aliased = 0;

  constructor(root: Node | null, text: string) {
    this.#text = text;
    this.#targets = aliasTargets(root);
  }

  decode(node: unknown): Json {
    this.#count(node);
    if (isMap(node)) {
      const out: { [key: string]: Json } = {};
      this.#inFlow(node, () => this.#fill(node.items, out, new Set()));
      return out;
    }
    if (isSeq(node)) {
      return this.#inFlow(node, () => node.items.map((item) => this.decode(item)));
    }
    if (isAlias(node)) {
      return this.#follow(node as Node, (target) => this.decode(target));
    }
    return this.#guard(node, () => (isScalar(node) ? scalarValue(node) : null));
  }

  #fill(items: readonly Pair[], out: { [key: string]: Json }, seen: Set<string>): void {
    for (const { key, value } of items) {
      if (isMergeKey(key)) {
        this.#merge(value, out, seen);
        continue;
      }
      this.#count(key);
      const source = isAlias(key) ? this.#targets.get(key as Node) ?? key : key;
      const named = this.#guard(key, () => keyValue(source));
      const name = String(named);
      const decoded = this.decode(value);
      // To YAML `1` and `"1"` are two keys.
      const identity = typeof named === 'string' ? `"${name}` : name;
      if (seen.has(identity)) {
        this.#duplicate(typeof named === 'string' ? JSON.stringify(name) : name, key, value);
      }
      seen.add(identity);
      setOwn(out, name, decoded);
    }
  }

  #merge(value: unknown, out: { [key: string]: Json }, seen: Set<string>): void {
    if (isMap(value)) {
      this.#count(value);
      this.#fill(value.items, out, seen);
    } else if (isAlias(value) && isMap(this.#targets.get(value as Node))) {
      this.#follow(value as Node, (target) => this.#merge(target, out, seen));
    } else if (isSeq(value)) {
      [...value.items].reverse().forEach((item) => {
        if (!isMap(item) && !isAlias(item)) {
          this.#fail('yaml: map merge requires map or sequence of maps as the value', item);
        }
        this.#merge(item, out, seen);
      });
    } else {
      this.#fail('yaml: map merge requires map or sequence of maps as the value', value);
    }
  }

  #follow<T>(alias: Node, use: (target: Node) => T): T {
    const target = this.#targets.get(alias);
    const name = isAlias(alias) ? alias.source : '';
    if (!target) {
      return this.#fail(`yaml: unknown anchor '${name}' referenced`, alias);
    }
    if (this.#open.has(alias)) {
      return this.#fail(`yaml: anchor '${name}' value contains itself`, alias);
    }
    this.#open.add(alias);
    this.#aliasDepth++;
    const result = use(target);
    this.#aliasDepth--;
    this.#open.delete(alias);
    return result;
  }

  #inFlow<T>({ flow }: { flow?: boolean }, run: () => T): T {
    this.#flowDepth += flow ? 1 : 0;
    const result = run();
    this.#flowDepth -= flow ? 1 : 0;
    return result;
  }

  #count(node: unknown): void {
    this.#refuseOddSpelling(node);
    this.#nodes++;
    if (this.#aliasDepth > 0) {
      this.#aliased++;
    }
    if (this.#aliased > freeAliases && this.#nodes > freeNodes && this.#aliased / this.#nodes > allowedShare(this.#nodes)) {
      this.#fail('yaml: document contains excessive aliasing', node);
    }
  }

  /** What this parser reads and Go's does not: unusual anchors, an escape that only JSON has, a bare `?` between brackets. */
  #refuseOddSpelling(node: unknown): void {
    const { anchor, source, type } = node as { anchor?: string; source?: string; type?: string } | null ?? {};
    const name = isAlias(node) ? node.source : anchor;
    if (name !== undefined && !/^[\w-]+$/.test(name)) {
      this.#fail('yaml: did not find expected alphabetic or numeric character', node);
    }
    if (this.#flowDepth > 0 && this.#aliasDepth === 0 && type === 'PLAIN' && source?.includes('?')) {
      this.#fail("yaml: did not find expected ',' or ']'", node);
    }
    const [start, end] = type === 'QUOTE_DOUBLE' && source?.includes('/') ? rangeOf(node) ?? [0, 0] : [0, 0];
    if (end > start && /(?<!\\)(?:\\\\)*\\\//.test(this.#text.slice(start, end))) {
      this.#fail('yaml: found unknown escape character', node);
    }
  }

  #duplicate(shownKey: string, key: unknown, value: unknown): void {
    const [offset, endOffset] = rangeOf(key) ?? rangeOf(value) ?? [0, 0];
    this.duplicates.push({ key: shownKey, line: lineAt(this.#text, rangeOf(value)?.[0] ?? offset), offset, endOffset });
  }

  #guard<T>(node: unknown, run: () => T): T {
    try {
      return run();
    } catch (error) {
      return this.#fail(error instanceof Error ? error.message : String(error), node);
    }
  }

  #fail(message: string, node: unknown): never {
    throw new DecodeError(message, rangeOf(node)?.[0] ?? 0);
  }
}

/** How much of a document may come from aliases: 99 % of small ones, falling to 10 % of those with 4 million nodes; the library's own numbers. */
function allowedShare(nodes: number): number {
  return nodes <= 400_000 ? 0.99 : nodes >= 4_000_000 ? 0.1 : 0.99 - 0.89 * ((nodes - 400_000) / 3_600_000);
}

function rangeOf(node: unknown): readonly [number, number, number] | undefined {
  return (node as { range?: [number, number, number] | null } | null)?.range ?? undefined;
}

/** The line of an offset, 1-based. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) {
    line++;
  }
  return line;
}
