import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { largestFileChars, parseFile, parseManifest, rangeAt } from '../../../src/language/manifest';

const textAt = (text: string, path: readonly (string | number)[], part?: 'key' | 'value') => {
  const { start, end } = rangeAt(parseManifest(text), path, part);
  return text.slice(start, end);
};

test('documents are cut at their borders, empty ones left out', () => {
  const text = '# head\n---\na: 1\n--- # two\nb: |\n  x\n---\n\n# nothing\n---\nc: 3';
  const parts = parseFile(text);
  assert.deepEqual(parts.map(({ manifest }) => manifest.value), [{ a: 1 }, { b: 'x\n' }, { c: 3 }]);
  assert.deepEqual(parts.map(({ offset, manifest }) => text.startsWith(manifest.text, offset)), [true, true, true]);
});

test('CRLF and a byte order mark make no difference', () => {
  const parts = parseFile('\ufeffa: 1\r\nb: |\r\n  x\r\n---\r\nc: 2\r\n');
  assert.deepEqual(parts.map(({ manifest }) => manifest.value), [{ a: 1, b: 'x\n' }, { c: 2 }]);
});

test('a document that has not changed is not parsed again', () => {
  const before = parseFile('a: 1\n---\nb: 2\n');
  const after = parseFile('a: 12\n---\nb: 2\n', 'yaml', before);
  assert.notEqual(after[0]?.manifest, before[0]?.manifest);
  assert.equal(after[1]?.manifest, before[1]?.manifest);
});

test('values and keys are found by path', () => {
  const text = 'spec:\n  disks:\n    - {kind: A, "name": \'b\'}\n  x: # c\n    z: 1\n';
  assert.equal(textAt(text, ['spec', 'disks', 0, 'name']), "'b'");
  assert.equal(textAt(text, ['spec', 'disks', 0, 'name'], 'key'), '"name"');
  assert.equal(textAt(text, ['spec', 'x', 'z']), '1');
  assert.equal(textAt(text, ['spec', 'x', 'missing'], 'key'), 'z: 1');
});

test('fields that come through aliases and merges are found where they are written', () => {
  const text = 'a: &a {k: 1}\nb: *a\nc:\n  <<: *a\n  m: 2\n';
  assert.deepEqual(parseManifest(text).value, { a: { k: 1 }, b: { k: 1 }, c: { k: 1, m: 2 } });
  assert.equal(textAt(text, ['b', 'k']), '1');
  assert.equal(textAt(text, ['c', 'k']), '1');
});

test('a repeated key is told with its line and its place', () => {
  const text = 'a: 1\nb:\n  c: 1\n  c: 2\n';
  const { value, duplicates } = parseManifest(text);
  assert.deepEqual(value, { a: 1, b: { c: 2 } });
  assert.deepEqual(duplicates.map(({ key, line, offset, endOffset }) => ({ key, line, text: text.slice(offset, endOffset) })), [{ key: '"c"', line: 4, text: 'c' }]);
});

test('a merge that overlaps is a repeated key, written before or after', () => {
  assert.equal(parseManifest('a: &a {n: 1}\nb:\n  <<: *a\n  n: 2\n').duplicates.length, 1);
  assert.equal(parseManifest('a: &a {n: 1}\nb:\n  n: 2\n  <<: *a\n').duplicates.length, 1);
});

test('names that JavaScript knows are fields like any other', () => {
  const { value } = parseManifest('__proto__: {a: 1}\nconstructor: 2\n');
  assert.deepEqual(Object.keys(value ?? {}), ['__proto__', 'constructor']);
});

const broken: readonly string[] = [
  'a: @x', 'a: `x', 'a: %x', 'a:\n\tb: 1', 'a: b: c', 'a: [1, 2', "a: 'x", 'a: "x', 'a: *nobody', 'a: &a [*a]', 'a: .inf', '? [a]\n: b', '~: 1', '<<: 5', 'a: 1\u0007', '%YAML 1.2\n---\na: 1', 'a: - b', 'a:\n  -\tb', 'a: |\n  \tb', 'a: |\n    b\n\t\n', 'a: [b, c', 'a: &b& c', 'a: "\\/"', 'a: {b: c?d}',
  'a: "\\ud83d"', 'a: !!', 'a: !x!y z', 'a: {b: !x}', 'a: {b\n: c}', 'a: x\n\t\n', '%FOO\n---\na: 1', '%YAML 1.1\n%YAML 1.1\n---\na: 1', '...\na: 1', 'a: {b: :c}', 'a: b\nc\nd: e', 'a: |0\n  x', "a: 'b\n---\n'", 'a: &a &b c', 'a: 1\n%b: c\n'
];
for (const text of broken) {
  test(`${JSON.stringify(text)} is refused with a place`, () => {
    const { syntax, value } = parseManifest(text);
    assert.ok(syntax);
    assert.equal(value, undefined);
    assert.ok(syntax.range.start <= text.length && syntax.range.end > syntax.range.start);
  });
}

const lenient: readonly (readonly [text: string, value: unknown])[] = [
  ['a: "b\nc"\nd: 1\n', { a: 'b c', d: 1 }], ["a:\n  - 'b\n\n c'\n", { a: ['b\nc'] }], ['a: [b,\nc]\nd: {e:\nf}\n', { a: ['b', 'c'], d: { e: 'f' } }],
  ['a: b\n  \tc\n', { a: 'b c' }], ['a: |\n  b\n  \tc\n', { a: 'b\n\tc\n' }], ['a:\tb\n', { a: 'b' }],
  ['"a":1', 'a'], ['a: "b"# c\n', { a: 'b' }], ['a: {# c\n  b: x:}\n', { a: { b: 'x:' } }], ['a: {b: -}\n', { a: { b: '-' } }], ['a: "\\\'"\n', { a: "'" }], ['a: |# c\n  x\n', { a: 'x\n' }],
  ['a: [!x, y]\n', { a: ['y'] }], ['{a: 1} b\n', { a: 1 }], ['a: {.inf: b}\n', { a: { '.inf': 'b' } }], ['a:\u0085b: 1\u2028', { a: null, b: 1 }], ['? a\n: - b\n', { a: ['b'] }], ['a:\n- b\nc: >-\n  d\n  e\n\n   f\n', { a: ['b'], c: 'd e\n\n f' }],
  ['a: "b\\\n   c"\n', { a: 'bc' }], ['%TAG !e! tag:yaml.org,2002:\n---\na: !e!str 5\n', { a: '5' }], ['a: b # c\n# d\n...\n@', { a: 'b' }],
];
for (const [text, value] of lenient) {
  test(`${JSON.stringify(text)} is read as Go reads it`, () => {
    assert.deepEqual(parseManifest(text).value, value);
  });
}

test('places are right in a text that only Go reads as it is', () => {
  const text = 'a: [b,\nc]\nd: "x\ny"\ne: z\n';
  assert.deepEqual([textAt(text, ['a', 1]), textAt(text, ['d']), textAt(text, ['e'])], ['c', '"x\ny"', 'z']);
});

test('JSON is read as JSON', () => {
  assert.deepEqual(parseManifest('{"a": "yes", "b": [1.0, null]}', 'json').value, { a: 'yes', b: [1, null] });
  assert.equal(parseManifest('{"a": 1, "a": 2}', 'json').duplicates.length, 1);
  assert.ok(parseManifest('{"a": 1,}', 'json').syntax);
  assert.equal(parseManifest('{"a":\n x}', 'json').syntax?.range.start, 7);
});

const hostile: Readonly<Record<string, () => string>> = {
  'an alias bomb': () => `a: &a [x]\n${'bcdefghijk'.split('').map((name, index) => `${name}: &${name} [${Array(10).fill(`*${'abcdefghij'[index] ?? ''}`).join(', ')}]`).join('\n')}\n`,
  'deep brackets': () => '['.repeat(100_000),
  'deep braces': () => '{a: '.repeat(20_000),
  'deep dashes': () => '- '.repeat(20_000),
  'a long line': () => `a: ${'x'.repeat(2_000_000)}`,
  'many quotes': () => 'a: "'.repeat(20_000),
  'many anchors': () => Array.from({ length: 5_000 }, (_, index) => `k${index}: &a${index} *a${index - 1}`).join('\n'),
  'many spaces': () => `a:${' '.repeat(500_000)}x`,
  'many comments': () => '# x\n'.repeat(100_000),
  'many borders': () => '---\n'.repeat(100_000),
};
for (const [name, text] of Object.entries(hostile)) {
  test(`${name} neither throws nor hangs nor passes for clean`, () => {
    const started = performance.now();
    const parts = parseFile(text());
    const tookMs = performance.now() - started;
    assert.ok(tookMs < 2000, `took ${tookMs} ms`);
    if (name.startsWith('deep') || name.startsWith('an alias')) {
      assert.ok(parts.some(({ manifest }) => manifest.syntax));
    }
  });
}

test('a file that is too large says so at once', () => {
  const started = performance.now();
  const [part] = parseFile('x'.repeat(largestFileChars + 1));
  assert.match(part?.manifest.syntax?.message ?? '', /larger than/);
  assert.ok(performance.now() - started < 200);
});

test('any text is parsed without an exception, and again to the same value', () => {
  const pieces = fc.constantFrom('a', ': ', ':', '\n', '  ', '- ', '"', "'", '{', '}', '[', ']', ',', '&a ', '*a', '!!str ', '!x', '|', '>', '#', '%', '@', '\t', '\r', '---\n', '...', '<<', '? ', '1', 'yes', '~', '\u0000', '\u2028', '😀', '\\');
  fc.assert(fc.property(fc.array(pieces, { maxLength: 40 }), (tokens) => {
    const text = tokens.join('');
    const { value, syntax } = parseManifest(text);
    assert.equal(value === undefined, syntax !== undefined);
    assert.deepEqual(parseManifest(text).value, value);
  }), { seed: 4, numRuns: 3000 });
});
