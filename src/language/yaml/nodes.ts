/** Character offsets within the document, of the value itself, without its anchor and tag. */
interface Placed {
  readonly start: number;
  /** Behind the last character. */
  end: number;
  anchor?: string;
  /** In its long form; `!` for a scalar that is a text whatever it looks like. */
  tag?: string;
}

export interface ScalarNode extends Placed {
  readonly node: 'scalar';
  readonly style: 'plain' | 'single' | 'double' | 'literal' | 'folded';
  /** The text, with escapes and line breaks resolved; empty where nothing is written. */
  readonly text: string;
}

export interface MapNode extends Placed {
  readonly node: 'map';
  readonly isFlow: boolean;
  readonly items: Pair[];
}

export interface SeqNode extends Placed {
  readonly node: 'seq';
  readonly isFlow: boolean;
  readonly items: Node[];
}

export interface AliasNode extends Placed {
  readonly node: 'alias';
  /** The name of the anchor that it stands for. */
  readonly name: string;
}

/** A piece of a YAML document at its place. */
export type Node = ScalarNode | MapNode | SeqNode | AliasNode;

export interface Pair {
  readonly key: Node;
  value: Node;
}

/** A scalar that nobody wrote: `a:` has one behind its colon. */
export function nothingAt(offset: number): ScalarNode {
  return { node: 'scalar', style: 'plain', text: '', start: offset, end: offset };
}

/** Every node below one, itself first, in the order of writing. */
export function* nodesIn(root: Node | undefined): Iterable<Node> {
  const pending: Node[] = root ? [root] : [];
  for (let node = pending.pop(); node; node = pending.pop()) {
    yield node;
    if (node.node === 'map') {
      for (let index = node.items.length - 1; index >= 0; index--) {
        const pair = node.items[index];
        if (pair) {
          pending.push(pair.value, pair.key);
        }
      }
    } else if (node.node === 'seq') {
      for (let index = node.items.length - 1; index >= 0; index--) {
        pending.push(node.items[index] ?? node);
      }
    }
  }
}
