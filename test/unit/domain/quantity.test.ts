import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compareQuantities, formatBytes, parseQuantity, sizeText, toUnits } from '../../../src/domain/quantity';

describe('quantities', () => {
  const equal: readonly (readonly [unknown, bigint])[] = [
    ['1.5Gi', 1610612736n], ['1536Mi', 1610612736n], ['4.5e9', 4500000000n], ['4500M', 4500000000n], ['1e3', 1000n], ['1k', 1000n], ['0', 0n], [20, 20n],
    ['+3Ki', 3072n], ['-10Gi', -10737418240n], ['.5Ki', 512n], ['5.', 5n], ['9Ei', 9n * 2n ** 60n], ['1E', 10n ** 18n], ['1e-1', 1n], ['1500m', 2n], ['1n', 1n],
  ];
  for (const [text, units] of equal) {
    it(`${String(text)} is ${units} units`, () => assert.equal(toUnits(parseQuantity(text) ?? assert.fail('no quantity')), units));
  }

  it('are exact far beyond what a double holds', () => {
    const [a, b] = [parseQuantity('9007199254740993'), parseQuantity('9007199254740992')];
    assert.ok(a && b && compareQuantities(a, b) > 0);
  });

  it('are not read from anything else', () => {
    for (const text of ['', '.', 'Gi', '1 Gi', '1gi', '1KiB', 'ten', '1e1000', '1.2.3', null, undefined, {}, Number.NaN]) {
      assert.equal(parseQuantity(text), undefined, JSON.stringify(text));
    }
  });

  it('read for people', () => {
    const texts = [['512', '512 B'], ['20Gi', '20 GiB'], ['1536Mi', '1.5 GiB'], ['2147483648', '2 GiB'], ['-1Gi', '-1 GiB'], ['1023Mi', '1023 MiB']] as const;
    for (const [quantity, text] of texts) {
      assert.equal(formatBytes(parseQuantity(quantity) ?? assert.fail('no quantity')), text);
    }
    assert.equal(sizeText('a lot'), 'a lot');
    assert.equal(sizeText(undefined), undefined);
  });
});
