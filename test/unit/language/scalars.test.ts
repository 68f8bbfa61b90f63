import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resolvePlain } from '../../../src/language/scalars';

const table: readonly (readonly [text: string, value: unknown])[] = [
  ['yes', true], ['No', false], ['ON', true], ['off', false], ['y', true], ['N', false], ['True', true], ['yEs', 'yEs'],
  ['null', null], ['~', null], ['', null], ['NULL', null], ['nULL', 'nULL'],
  ['0777', 511], ['010', 8], ['0o17', 15], ['0x1F', 31], ['0b11', 3], ['-0b11', -3], ['1_000', 1000], ['+1', 1], ['-0', 0], ['08', 8], ['09', 9],
  ['.5', 0.5], ['1.', 1], ['1e3', 1000], ['12e3', 12000], ['5.0', 5], ['1e1', 10],
  ['1e400', '1e400'], ['1:30', '1:30'], ['12:30:45', '12:30:45'], ['2026-01-01', '2026-01-01'], ['=', '='], ['<<', '<<'], ['NaN', 'NaN'], ['1e', '1e'], ['0xZZ', '0xZZ'], ['1,000', '1,000'],
  ['18446744073709551616', 18446744073709551616], ['text', 'text'], ['10Gi', '10Gi'], ['тест', 'тест'],
];

for (const [text, value] of table) {
  test(`plain ${JSON.stringify(text)} is ${JSON.stringify(value)}`, () => assert.deepEqual(resolvePlain(text), value));
}

test('infinities and not-a-number are refused', () => {
  for (const text of ['.inf', '-.Inf', '+.INF', '.NaN']) {
    assert.throws(() => resolvePlain(text), /unsupported value/);
  }
});

test('tags decide where they can', () => {
  assert.equal(resolvePlain('5', 'tag:yaml.org,2002:str'), '5');
  assert.equal(resolvePlain('5', 'tag:yaml.org,2002:float'), 5);
  assert.equal(resolvePlain('aGk=', 'tag:yaml.org,2002:binary'), 'hi');
  assert.throws(() => resolvePlain('aGk', 'tag:yaml.org,2002:binary'), /invalid base64/, 'without its padding');
  assert.equal(resolvePlain('5', '!own'), '5');
  assert.throws(() => resolvePlain('x', 'tag:yaml.org,2002:int'), /cannot decode/);
});

test('the largest 64-bit integer still is one', () => {
  assert.ok(Number(resolvePlain('9223372036854775807')) < 2 ** 63);
  assert.equal(resolvePlain('9223372036854775808'), 2 ** 63);
});
