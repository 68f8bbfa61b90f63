import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byBytes, goJson, goNumber, goQuote } from '../../../src/language/goText';
import { byteLength, isDnsSubdomain, isLabelValue, isQualifiedName } from '../../../src/language/names';
import { binaryText, canonicalQuantity } from '../../../src/language/quantityText';

test('texts are quoted as Go quotes them', () => {
  assert.equal(goQuote('a"b\\c\n\t\u0001я😀\u200b'), '"a\\"b\\\\c\\n\\t\\x01я😀\\u200b"');
  assert.equal(goJson({ b: [1, null, '<&>'], a: 1e21 }), '{"a":1e+21,"b":[1,null,"\\u003c\\u0026\\u003e"]}');
  assert.deepEqual([0, 1.5, 1e21, 9007199254740992, 0.00001].map(goNumber), ['0', '1.5', '1e+21', '9007199254740992', '1e-05']);
  assert.deepEqual(['b', 'a', '😀', '\uffff'].sort(byBytes), ['a', 'b', '\uffff', '😀']);
});

test('quantities are stored in the shortest exact spelling', () => {
  const spelled: readonly (readonly [unknown, string | undefined])[] = [['1.5Gi', '1536Mi'], ['8192Mi', '8Gi'], [4500000000, '4500M'], [1000, '1k'], ['4000m', '4'], ['0', '0'], ['512', '512'], ['1e3', '1e3'], ['gi', undefined], [true, undefined]];
  assert.deepEqual(spelled.map(([value]) => canonicalQuantity(value)), spelled.map(([, text]) => text));
  assert.equal(binaryText(25769803782n), '25769803782');
});

test('names of Kubernetes', () => {
  assert.deepEqual(['a', 'a.b', '1', 'a-b'].map((name) => isDnsSubdomain(name).length), [0, 0, 0, 0]);
  assert.deepEqual(['', 'A', '-a', 'a..b', 'a_b'].map((name) => isDnsSubdomain(name).length), [1, 1, 1, 1, 1]);
  assert.equal(isDnsSubdomain('a'.repeat(254)).length, 1);
  assert.deepEqual(['', 'A.b_c'].map((value) => isLabelValue(value).length), [0, 0]);
  assert.deepEqual(['-', 'x'.repeat(64), 'я'].map((value) => isLabelValue(value).length), [1, 1, 1]);
  assert.deepEqual(['a', 'example.org/A_b'].map((name) => isQualifiedName(name).length), [0, 0]);
  assert.deepEqual(['/a', 'a/', 'a/b/c', 'A/b'].map((name) => isQualifiedName(name).length), [1, 2, 1, 1]);
  assert.equal(byteLength('aя€😀'), 10);
});
