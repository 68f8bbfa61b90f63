import { t } from '@vscode/l10n';
import type { Change, Fix } from './edits';
import { renameKey } from './edits';
import type { EmbeddedText } from './embedded';
import type { Manifest, Range } from './manifest';
import { isObject } from './prune';
import type { JsonObject } from './prune';

/** Puts another text in the place of one that does not stand in the manifest as it is: in base64 again, or in double quotes, which JSON and YAML read alike. */
export function rewritten({ text: source }: Manifest, { path, range }: EmbeddedText, text: string): Change {
  const quote = /^["']/.exec(source.slice(range.start))?.[0] ?? '';
  return { range: withoutEnd(source, range), text: path[0] === 'data' ? `${quote}${toBase64(text)}${quote}` : JSON.stringify(text) };
}

/** Turns the base64 of a Secret into text that can be read where it stands; nothing where other keys would have to come along. */
export function asPlainText(manifest: Manifest, object: JsonObject, { path, text, range }: EmbeddedText): readonly Fix[] {
  const data = object['data'];
  const isAlone = path[0] === 'data' && object['stringData'] === undefined && isObject(data) && Object.keys(data).length === 1;
  const lineStart = manifest.text.lastIndexOf('\n', range.start) + 1;
  const key = /^( +)[\w.-]+: +/.exec(manifest.text.slice(lineStart, range.start));
  // A literal block keeps only texts of ordinary lines as they are.
  if (!isAlone || key?.[0].length !== range.start - lineStart || !/^[^\s\p{Cc}][^\p{Cc}]*(?:\n[^\p{Cc}]*)*$/u.test(text)) {
    return [];
  }
  const ending = text.endsWith('\n\n') ? '+' : text.endsWith('\n') ? '' : '-';
  const indent = `${key[1] ?? ''}  `;
  const lines = text.replace(/\n$/, '').split('\n').map((line) => (line === '' ? '' : indent + line));
  return [{ title: t('Write it as text in "stringData"'), changes: [renameKey(manifest, ['data'], 'stringData'), { range: withoutEnd(manifest.text, range), text: `|${ending}\n${lines.join('\n')}` }] }];
}

/** A block ends with a line break of its own. */
function withoutEnd(source: string, { start, end }: Range): Range {
  return { start, end: end - (/\r?\n$/.exec(source.slice(start, end))?.[0].length ?? 0) };
}

function toBase64(text: string): string {
  // A Secret may hold a MiB, which is too much for the arguments of one call.
  return btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(''));
}
