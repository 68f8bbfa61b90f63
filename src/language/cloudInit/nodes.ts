import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Node, ScalarNode } from '../yaml/nodes';
import { nothingAt } from '../yaml/nodes';

/** A tree of the `yaml` library as our own, which says where things stand. */
export function nodesOf(tree: unknown, at = 0): Node {
  const [start, end] = (tree as { range?: readonly [number, number, number] | null } | null)?.range ?? [at, at];
  if (isMap(tree)) {
    const items = tree.items.map(({ key, value }) => {
      const name = nodesOf(key, start);
      return { key: name, value: value === null ? nothingAt(name.end) : nodesOf(value, name.end) };
    });
    return { node: 'map', isFlow: tree.flow === true, items, start, end };
  }
  if (isSeq(tree)) {
    return { node: 'seq', isFlow: tree.flow === true, items: tree.items.map((item) => nodesOf(item, start)), start, end };
  }
  if (isAlias(tree)) {
    return { node: 'alias', name: tree.source, start, end };
  }
  return isScalar(tree) ? { node: 'scalar', style: styles[tree.type ?? 'PLAIN'] ?? 'plain', text: tree.source ?? '', start, end } : nothingAt(start);
}

const styles: Readonly<Record<string, ScalarNode['style']>> = { PLAIN: 'plain', QUOTE_SINGLE: 'single', QUOTE_DOUBLE: 'double', BLOCK_LITERAL: 'literal', BLOCK_FOLDED: 'folded' };
