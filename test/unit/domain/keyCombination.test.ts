import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCombination, usualCombinations } from '../../../src/domain/keyCombination';

const codes = (text: string) => {
  const found = parseCombination(text);
  return 'keys' in found ? found.keys.map(({ code }) => code).join(' ') : `? ${found.unknown}`;
};

test('combinations are read as people write them', () => {
  assert.equal(codes('Ctrl+Alt+Del'), 'ControlLeft AltLeft Delete');
  assert.equal(codes(' control + ALT + delete '), 'ControlLeft AltLeft Delete');
  assert.equal(codes('Alt+SysRq+B'), 'AltLeft PrintScreen KeyB');
  assert.equal(codes('Super+L'), 'MetaLeft KeyL');
  assert.equal(codes('F12'), 'F12');
  assert.equal(codes('Ctrl+/'), 'ControlLeft Slash');
});

test('what is no key is named', () => {
  assert.equal(codes('Ctrl+Foo'), '? Foo');
  assert.equal(codes('Ctrl+'), '? ');
  assert.equal(codes(''), '? ');
  assert.equal(codes('Ctrl+@'), '? @', 'which needs a Shift that nobody named');
  assert.equal(codes('Ctrl+constructor'), '? constructor');
});

test('every usual combination is one', () => {
  for (const text of usualCombinations) {
    assert.doesNotMatch(codes(text), /\?/, text);
  }
});
