import { t } from '@vscode/l10n';
import { isCollection, isScalar, Lexer, parseDocument, type Scalar, visit } from 'yaml';
import type { Manifest } from '../manifest';
import { nodesOf } from './nodes';
import type { Json } from '../scalars';

/** Reads a `#cloud-config` as cloud-init does, with PyYAML: YAML 1.1 with its peculiarities, of duplicate keys the last one counts. Never throws. */
export function parseCloudConfig(text: string): Manifest {
  const tree = parseDocument(text, { version: '1.1', uniqueKeys: false, prettyErrors: false, logLevel: 'silent', stringKeys: false });
  let wrong = [...tree.errors, ...tree.warnings].map(({ message, pos: [start, end] }) => ({ message, start, end }))[0] ?? tabIn(text);
  visit(tree, {
    Scalar: (key, node) => {
      node.value = readScalar(node, key === 'key');
      if (isImpossibleDate(node)) {
        const [start = 0, end = start] = node.range ?? [];
        wrong ??= { message: t('there is no such date'), start, end };
      }
    },
    Pair: (_, { key }) => {
      if (isCollection(key)) {
        const [start = 0, end = start] = key.range ?? [];
        wrong ??= { message: t('a key has to be a single value'), start, end };
      }
    },
  });
  const refused = ({ message, start, end }: NonNullable<typeof wrong>): Manifest => ({ text, root: nodesOf(tree.contents), value: undefined, duplicates: [], syntax: { message, range: { start, end: Math.max(end, start + 1) } } });
  if (wrong) {
    return refused(wrong);
  }
  try {
    return { text, root: nodesOf(tree.contents), value: tree.toJS({ maxAliasCount: 100 }) as Json, duplicates: [], syntax: undefined };
  } catch (problem) {
    const start = isScalar(tree.contents) ? tree.contents.range?.[0] ?? 0 : 0;
    return refused({ message: problem instanceof Error ? problem.message : String(problem), start, end: start + 1 });
  }
}

/** Numbers as PyYAML's resolver knows them: with an exponent only behind a point, and only with its sign; `0o7` and `-.5` are texts. */
const integer = /^[-+]?(?:0b[01_]+|0[0-7_]+|0|[1-9][0-9_]*(?::[0-5]?[0-9])*|0x[0-9a-fA-F_]+)$/;
const float = /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

/** Dates as PyYAML's resolver knows them, alone and with a time. */
const date = /^(\d{4})-(\d\d?)-(\d\d?)(?:(?:[Tt]|[ \t]+)(\d\d?):(\d\d):(\d\d)(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?)?$/;

function isDate({ type, tag, source = '' }: Scalar): boolean {
  return type === 'PLAIN' && tag === undefined && date.test(source) && (source.includes(':') || source.length === 10);
}

/** What makes Python throw, and cloud-init ignore the whole text. */
function isImpossibleDate(node: Scalar): boolean {
  const [year = 1, month = 1, day = 1, hour = 0, minute = 0, second = 0] = isDate(node) ? date.exec(node.source ?? '')?.slice(1).map((part: string | undefined) => Number(part ?? 0)) ?? [] : [];
  return year < 1 || month < 1 || day < 1 || new Date(Date.UTC(2000 + (year % 400), month - 1, day)).getUTCMonth() !== month - 1 || hour > 23 || minute > 59 || second > 59;
}

/** Where PyYAML and YAML 1.1 differ, what PyYAML reads; for cloud-init's schema bytes are text, and dates are of none of its types. */
function readScalar(node: Scalar, isKey: boolean): unknown {
  const { type, source = '', value } = node;
  if (value instanceof Date || isDate(node)) {
    return isKey || (node.tag === undefined && !isDate(node)) ? source : Number.NaN;
  }
  const isNumber = typeof value === 'number' || typeof value === 'bigint';
  const isText = type === 'PLAIN' && (/^[yYnN]$/.test(source) || (isNumber && !integer.test(source) && !float.test(source)));
  return isText || value instanceof Uint8Array ? source : value;
}

/** A tab between values, where PyYAML takes blanks alone. */
function tabIn(text: string): { readonly message: string; readonly start: number; readonly end: number } | undefined {
  let start = 0;
  for (const piece of text.includes('\t') ? new Lexer().lex(text) : []) {
    const end = start + (Object.hasOwn(marks, piece) ? 0 : piece.length);
    if (/^[ \t]*\t[ \t]*$/.test(piece)) {
      return { message: t('a tab between values; use blanks'), start, end };
    }
    start = end;
  }
  return undefined;
}

/** What the lexer says beside pieces of the text. */
const marks = { '\u0002': 'document', '\u0018': 'flow error', '\u001f': 'scalar' };

/** What user data is, by its first line; `undefined` where cloud-init would ignore it. Leading blanks do not count. */
export function userDataKind(text: string): 'cloud-config' | 'other' | undefined {
  const start = text.replace(/^\ufeff/, '').trimStart();
  if (/^## template: jinja/.test(start) || /mime-version:/i.test(text.slice(0, mimeWithin))) {
    return 'other';
  }
  if (/^#cloud-config(?![-\w])/i.test(start)) {
    return 'cloud-config';
  }
  return otherBeginnings.test(start) || start.startsWith('\u001f\u008b') ? 'other' : undefined;
}

/** How far in cloud-init looks for the header of a MIME message, whatever the text begins with; its `convert_string`. */
const mimeWithin = 4096;

/** What else cloud-init knows: scripts, lists of addresses, archives, MIME parts. */
const otherBeginnings = /^(?:#cloud-config-archive|#cloud-config-jsonp|#!|#include-once|#include|#cloud-boothook|#part-handler|#upstart-job|mime-version:|content-type:)/i;
