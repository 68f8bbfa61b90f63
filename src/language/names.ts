/** Why a text is no valid name of its kind, in the words of Kubernetes; empty when it is one. Lengths count bytes of UTF-8. */
export type NameCheck = (text: string) => readonly string[];

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const subdomain = `${label}(\\.${label})*`;
const qualified = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';

const labelPattern = new RegExp(`^${label}$`);
// Written so that it cannot backtrack: one segment after the other.
const subdomainPattern = new RegExp(`^${label}(?:\\.${label})*$`);
const qualifiedPattern = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/;

export const isDnsLabel: NameCheck = (text) => [
  ...tooLong(text, 63),
  ...mismatch(labelPattern.test(text), "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character", label, 'my-name', '123-abc'),
];

export const isDnsSubdomain: NameCheck = (text) => {
  const long = tooLong(text, 253);
  return [
    ...long,
    ...mismatch(subdomainPattern.test(text), "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character", subdomain, 'example.com'),
  ];
};

export const isLabelValue: NameCheck = (text) => [
  ...tooLong(text, 63),
  ...mismatch(text === '' || qualifiedPattern.test(text), "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character", `(${qualified})?`, 'MyValue', 'my_value', '12345'),
];

const qualifiedWords = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

/** Keys of labels and annotations, finalizers: a name with an optional DNS prefix and `/`. */
export const isQualifiedName: NameCheck = (text) => {
  const parts = text.split('/');
  if (parts.length > 2) {
    return [`a qualified name ${patternMessage(qualifiedWords, qualified, ['MyName', 'my.name', '123-abc'])} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  }
  const name = parts.at(-1) ?? '';
  const prefix = parts.length === 2 ? parts[0] ?? '' : undefined;
  const prefixErrors = prefix === undefined ? [] : prefix === '' ? ['must be non-empty'] : isDnsSubdomain(prefix);
  return [
    ...prefixErrors.map((error) => `prefix part ${error}`),
    ...(name === '' ? ['name part must be non-empty'] : tooLong(name, 63).map((error) => `name part ${error}`)),
    ...mismatch(qualifiedPattern.test(name), `name part ${qualifiedWords}`, qualified, 'MyName', 'my.name', '123-abc'),
  ];
};

export function byteLength(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    // A surrogate pair is two units and four bytes, so each half counts two.
    bytes += code < 0x80 ? 0 : code < 0x800 || (code >= 0xd800 && code < 0xe000) ? 1 : 2;
  }
  return bytes;
}

function tooLong(text: string, limit: number): readonly string[] {
  return byteLength(text) > limit ? [`must be no more than ${limit} characters`] : [];
}

function mismatch(matches: boolean, words: string, pattern: string, ...examples: string[]): readonly string[] {
  return matches ? [] : [patternMessage(words, pattern, examples)];
}

function patternMessage(words: string, pattern: string, examples: readonly string[]): string {
  return `${words} (e.g. ${examples.map((example) => `'${example}', `).join(' or ')}regex used for validation is '${pattern}')`;
}
