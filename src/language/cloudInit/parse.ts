import { isScalar, parseDocument, visit } from 'yaml';
import type { Manifest } from '../manifest';
import { nodesOf } from './nodes';
import type { Json } from '../scalars';

/** Reads a `#cloud-config` as cloud-init does, with PyYAML: YAML 1.1, of duplicate keys the last one counts. Never throws. */
export function parseCloudConfig(text: string): Manifest {
  const tree = parseDocument(text, { version: '1.1', uniqueKeys: false, prettyErrors: false, logLevel: 'silent', stringKeys: false });
  // The one thing in which PyYAML differs from YAML 1.1.
  visit(tree, { Scalar: (_, node) => { if (node.type === 'PLAIN' && /^[yYnN]$/.test(node.source ?? '')) { node.value = node.source; } } });
  const [error] = tree.errors;
  const refused = (message: string, start: number, end: number): Manifest => ({ text, root: nodesOf(tree.contents), value: undefined, duplicates: [], syntax: { message, range: { start, end: Math.max(end, start + 1) } } });
  if (error) {
    return refused(error.message, ...error.pos);
  }
  try {
    return { text, root: nodesOf(tree.contents), value: tree.toJS({ maxAliasCount: 100 }) as Json, duplicates: [], syntax: undefined };
  } catch (problem) {
    const start = isScalar(tree.contents) ? tree.contents.range?.[0] ?? 0 : 0;
    return refused(problem instanceof Error ? problem.message : String(problem), start, start + 1);
  }
}

/** What user data is, by its first line; `undefined` where cloud-init would ignore it. Leading blanks do not count. */
export function userDataKind(text: string): 'cloud-config' | 'other' | undefined {
  const start = text.replace(/^\ufeff/, '').trimStart();
  if (/^## template: jinja/.test(start)) {
    return 'other';
  }
  if (/^#cloud-config(?![-\w])/i.test(start)) {
    return 'cloud-config';
  }
  return otherBeginnings.test(start) || start.startsWith('\u001f\u008b') ? 'other' : undefined;
}

/** What else cloud-init knows: scripts, lists of addresses, archives, MIME parts. */
const otherBeginnings = /^(?:#cloud-config-archive|#cloud-config-jsonp|#!|#include-once|#include|#cloud-boothook|#part-handler|#upstart-job|mime-version:|content-type:)/i;
