import { readFileSync } from 'node:fs';
import path from 'node:path';

const folder = path.join(import.meta.dirname, '../../../snippets');

export interface Snippet {
  readonly name: string;
  readonly prefix: readonly string[];
  readonly description: string;
  readonly body: readonly string[];
}

/** The snippets of one file below `snippets/`, in their order. */
export function snippetsOf(file: string): readonly Snippet[] {
  const all = JSON.parse(readFileSync(path.join(folder, `${file}.code-snippets`), 'utf8')) as Record<string, Omit<Snippet, 'name'>>;
  return Object.entries(all).map(([name, snippet]) => ({ name, ...snippet }));
}

/** What stands in the editor when every placeholder is left as it comes and `choice` is the position of the value taken in lists of choices. */
export function expand({ body }: Snippet, choice = 0): string {
  const text = body.join('\n');
  const values = new Map<string, string>();
  for (const [, number = '', first, choices] of text.matchAll(/\$\{(\d+)(?::((?:\\.|[^}\\])*)|\|((?:\\.|[^|\\])*)\|)\}/g)) {
    const options = choices?.split(',') ?? [first ?? ''];
    values.set(number, unescaped(options[choice % options.length] ?? ''));
  }
  const expanded = text.replaceAll(/(?<!\\)\$(?:(\d+)|\{(\d+)(?:\}|:(?:\\.|[^}\\])*\}|\|(?:\\.|[^|\\])*\|\}))/g, (_, bare: string | undefined, braced: string | undefined) => values.get(bare ?? braced ?? '') ?? '');
  return unescaped(expanded);
}

/** How many choices the longest list of a snippet has; 1 without lists. */
export function choicesOf({ body }: Snippet): number {
  return Math.max(1, ...[...body.join('\n').matchAll(/\|([^|\n]*)\|\}/g)].map(([, choices = '']) => choices.split(',').length));
}

const unescaped = (text: string) => text.replaceAll(/\\([$}\\|,])/g, '$1');
