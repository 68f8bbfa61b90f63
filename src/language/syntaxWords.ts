import { t } from '@vscode/l10n';
import type { Change, Fix } from './edits';
import type { Manifest, Range } from './manifest';

/** What keeps a text from being read, for people. */
export interface SyntaxWords {
  readonly message: string;
  readonly fixes?: () => readonly Fix[];
}

/** Says what `problem.message`, which is the API server's, means and what to do; its own words where nothing better is known. */
export function syntaxWords({ text }: Manifest, { message, range }: { readonly message: string; readonly range: Range }): SyntaxWords {
  const bare = message.replace(/^yaml: (?:line \d+: )?/, '');
  const found = text.slice(range.start, range.start + 1);
  if (found === '\t' && (/found a tab character/.test(bare) || bare === 'found character that cannot start any token')) {
    return { message: t('YAML does not allow tabs here. Use spaces.'), fixes: () => [{ title: t('Replace the tabs that indent by spaces'), changes: spacesForTabs(text, range) }] };
  }
  const limit = /^Request entity too large: limit is (\d+)$/.exec(bare)?.[1];
  if (limit !== undefined) {
    return { message: t('The document is larger than the API server accepts: at most {0}.', `${Number(limit) / 2 ** 20} MiB`) };
  }
  const quoted = /'(.*)'/.exec(bare)?.[1] ?? '';
  const words = plainWords(found, quoted)[bare.replace(/'.*'(?= (?:referenced|value))/, "''")];
  return { message: words ?? message };
}

/** By the words of the API server's YAML library, names left out. `found` is the character at the place, `name` what the message quotes. */
function plainWords(found: string, name: string): Readonly<Record<string, string>> {
  const indentation = t('This line does not fit the lines around it. Check how far it is indented.');
  return {
    'found character that cannot start any token': t('A value cannot begin with "{0}". Put it in quotes.', found),
    'found unexpected end of stream': t('The text in quotes that begins here has no end.'),
    'found unexpected document indicator': t('A text in quotes before this line has no end.'),
    'found unknown escape character': t('There is no such escape in double quotes. Write "\\\\" for a backslash, or use single quotes.'),
    "did not find expected ',' or ']'": t('The list that begins before this place needs "," or "]" here.'),
    "did not find expected ',' or '}'": t('The braces that open before this place need "," or "}" here.'),
    'did not find expected key': indentation,
    "did not find expected '-' indicator": indentation,
    'did not find expected node content': t('A value is missing here.'),
    'mapping values are not allowed in this context': t('There cannot be a ":" here. Check how far the line is indented, or put the value in quotes.'),
    "could not find expected ':'": t('A ":" is missing behind this key.'),
    'block sequence entries are not allowed in this context': t('A list cannot begin here. Put each "-" on a line of its own below the key.'),
    'control characters are not allowed': t('There is a control character, which YAML does not allow.'),
    'document contains excessive aliasing': t('Its aliases make the document larger than the API server accepts.'),
    "unknown anchor '' referenced": t('There is no anchor "{0}" before this alias.', name),
    "anchor '' value contains itself": t('The anchor "{0}" contains itself.', name),
    'exceeded max depth': t('The document is nested deeper than the API server accepts.'),
  };
}

/** Two spaces for each tab before the first character of a line; the place itself, where that is further on, gets one. */
function spacesForTabs(text: string, { start }: Range): readonly Change[] {
  const changes = [...text.matchAll(/^ *\t[\t ]*(?=\S)/gm)].map(({ index, 0: indent }): Change => ({ range: { start: index, end: index + indent.length }, text: indent.replaceAll('\t', '  ') }));
  return changes.some(({ range }) => range.start <= start && start < range.end) ? changes : [...changes, { range: { start, end: start + 1 }, text: ' ' }];
}
