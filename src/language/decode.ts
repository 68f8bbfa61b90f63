import type { Json } from './scalars';
import { resolvePlain, setOwn } from './scalars';
import { nodesIn, type AliasNode, type Node, type Pair, type ScalarNode } from './yaml/nodes';

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
export function decodeDocument(root: Node | undefined, text: string): { value: Json; duplicates: readonly DuplicateKey[] } {
  const decoder = new Decoder(root, text);
  return { value: root ? decoder.decode(root) : null, duplicates: decoder.duplicates };
}

/** Finds what an alias stands for: the nearest earlier anchor of that name. `undefined` for aliases without one. */
export function aliasTargets(root: Node | undefined): ReadonlyMap<Node, Node> {
  const anchors = new Map<string, Node>();
  const targets = new Map<Node, Node>();
  for (const node of nodesIn(root)) {
    const target = node.node === 'alias' ? anchors.get(node.name) : undefined;
    if (target) {
      targets.set(node, target);
    }
    if (node.anchor !== undefined) {
      anchors.set(node.anchor, node);
    }
  }
  return targets;
}

/** Whether a key is `<<` in the sense of a merge. */
export function isMergeKey(key: Node): boolean {
  return key.node === 'scalar' && key.text === '<<' && (key.tag === undefined ? key.style === 'plain' : key.tag === 'tag:yaml.org,2002:merge');
}

/** The JSON name of a mapping's key. Throws for a key that has none. */
export function keyName(key: Node): string {
  const value = keyValue(key);
  return typeof value === 'number' ? goKey(value) : String(value);
}

function keyValue(key: Node): string | number | boolean {
  const infinity = key.node === 'scalar' && key.style === 'plain' && key.tag === undefined ? infinities.get(key.text) : undefined;
  if (infinity !== undefined) {
    return infinity;
  }
  const value = key.node === 'scalar' ? scalarValue(key) : undefined;
  if (value === undefined || value === null || typeof value === 'object') {
    throw new Error(value === null ? 'unsupported map key of type: <nil>' : 'yaml: invalid map key');
  }
  return value;
}

/** As keys these have names, while JSON has no such values. */
const infinities = new Map([
  ...['.nan', '.NaN', '.NAN'].map((word) => [word, Number.NaN] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map((word) => [word, Number.POSITIVE_INFINITY] as const),
  ...['-.inf', '-.Inf', '-.INF'].map((word) => [word, Number.NEGATIVE_INFINITY] as const),
]);

function goKey(value: number): string {
  return Number.isNaN(value) ? '.nan' : Number.isFinite(value) ? String(value) : value > 0 ? '.inf' : '-.inf';
}

function scalarValue({ style, tag, text }: ScalarNode): Json {
  return style === 'plain' || (tag !== undefined && tag !== '!') ? resolvePlain(text, tag === '!' ? 'tag:yaml.org,2002:str' : tag) : text;
}

/** Below so many decoded nodes nothing is said about aliases; the library's own numbers. */
const freeAliases = 100;
const freeNodes = 1000;

class Decoder {
  readonly duplicates: DuplicateKey[] = [];
  readonly #text: string;
  readonly #targets: ReadonlyMap<Node, Node>;
  readonly #open = new Set<Node>();
  #aliasDepth = 0;
  #nodes = 0;
  #aliased = 0;

  constructor(root: Node | undefined, text: string) {
    this.#text = text;
    this.#targets = text.includes('*') ? aliasTargets(root) : new Map();
  }

  decode(node: Node): Json {
    this.#count(node);
    switch (node.node) {
      case 'map': {
        const out: { [key: string]: Json } = {};
        this.#fill(node.items, out, new Set());
        return out;
      }
      case 'seq':
        return node.items.map((item) => this.decode(item));
      case 'alias':
        return this.#follow(node, (target) => this.decode(target));
      case 'scalar':
        return this.#guard(node, () => scalarValue(node));
    }
  }

  #fill(items: readonly Pair[], out: { [key: string]: Json }, seen: Set<string>): void {
    for (const { key, value } of items) {
      if (isMergeKey(key)) {
        this.#merge(value, out, seen);
        continue;
      }
      this.#count(key);
      const source = this.#targets.get(key) ?? key;
      const named = this.#guard(key, () => keyValue(source));
      const name = typeof named === 'number' ? goKey(named) : String(named);
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

  #merge(value: Node, out: { [key: string]: Json }, seen: Set<string>): void {
    if (value.node === 'map') {
      this.#count(value);
      this.#fill(value.items, out, seen);
    } else if (value.node === 'alias' && this.#targets.get(value)?.node === 'map') {
      this.#follow(value, (target) => this.#merge(target, out, seen));
    } else if (value.node === 'seq') {
      [...value.items].reverse().forEach((item) => {
        if (item.node !== 'map' && item.node !== 'alias') {
          this.#fail('yaml: map merge requires map or sequence of maps as the value', item);
        }
        this.#merge(item, out, seen);
      });
    } else {
      this.#fail('yaml: map merge requires map or sequence of maps as the value', value);
    }
  }

  #follow<T>(alias: AliasNode, use: (target: Node) => T): T {
    const target = this.#targets.get(alias);
    if (!target) {
      return this.#fail(`yaml: unknown anchor '${alias.name}' referenced`, alias);
    }
    if (this.#open.has(alias)) {
      return this.#fail(`yaml: anchor '${alias.name}' value contains itself`, alias);
    }
    this.#open.add(alias);
    this.#aliasDepth++;
    const result = use(target);
    this.#aliasDepth--;
    this.#open.delete(alias);
    return result;
  }

  #count(node: Node): void {
    this.#nodes++;
    if (this.#aliasDepth > 0) {
      this.#aliased++;
    }
    if (this.#aliased > freeAliases && this.#nodes > freeNodes && this.#aliased / this.#nodes > allowedShare(this.#nodes)) {
      this.#fail('yaml: document contains excessive aliasing', node);
    }
  }

  #duplicate(shownKey: string, key: Node, value: Node): void {
    this.duplicates.push({ key: shownKey, line: lineAt(this.#text, value.start), offset: key.start, endOffset: key.end });
  }

  #guard<T>(node: Node, run: () => T): T {
    try {
      return run();
    } catch (error) {
      return this.#fail(error instanceof Error ? error.message : String(error), node);
    }
  }

  #fail(message: string, node: Node): never {
    throw new DecodeError(message, node.start);
  }
}

/** How much of a document may come from aliases: 99 % of small ones, falling to 10 % of those with 4 million nodes; the library's own numbers. */
function allowedShare(nodes: number): number {
  return nodes <= 400_000 ? 0.99 : nodes >= 4_000_000 ? 0.1 : 0.99 - 0.89 * ((nodes - 400_000) / 3_600_000);
}

/** The line of an offset, 1-based. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) {
    line++;
  }
  return line;
}
