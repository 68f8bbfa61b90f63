import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alphabetSwitches, type Stroke, strokesOf, type TypingOptions } from '../../../src/domain/keyboardLayout';
import { keyboardLayouts, keyCodes, type LayoutId } from '../../../src/domain/keyboardLayouts';

const layoutIds = Object.keys(keyboardLayouts) as LayoutId[];

/** `Shift+KeyA` for each press. */
function pressed(text: string, options: TypingOptions): string {
  return strokesOf(text, options).strokes.map(nameOf).join(' ');
}

function nameOf({ code, modifiers }: Stroke): string {
  const short: Readonly<Record<string, string>> = { ShiftLeft: 'Shift', AltRight: 'AltGr', AltLeft: 'Alt', ControlLeft: 'Ctrl', MetaLeft: 'Win' };
  return [...modifiers.map((key) => short[key.code]), code].join('+');
}

test('every layout fills the places of a keyboard and no more', () => {
  for (const id of layoutIds) {
    for (const rows of keyboardLayouts[id].levels) {
      assert.ok(rows.every((row, index) => [...row].length <= (keyCodes[index]?.length ?? 0)), id);
    }
    assert.deepEqual(strokesOf('0123456789 \n\t', { layout: id }).impossible, [], id);
  }
});

test('every layout but the Cyrillic one types what shells need; where Windows differs, it says so', () => {
  const shell = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ !"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';
  for (const id of layoutIds.filter((layout) => layout !== 'ru')) {
    assert.equal(strokesOf(shell, { layout: id }).impossible.join(''), '', id);
  }
  assert.deepEqual(strokesOf('cd ~/`x`', { layout: 'it' }).uncertain, ['~', '`']);
});

test('y and z are where the guest has them, not where the user has them', () => {
  assert.equal(pressed('yZ', { layout: 'us' }), 'KeyY Shift+KeyZ');
  assert.equal(pressed('yZ', { layout: 'de' }), 'KeyZ Shift+KeyY');
  assert.equal(pressed('qa', { layout: 'fr' }), 'KeyA KeyQ');
});

test('Shift and AltGr are held around the key', () => {
  assert.equal(pressed('@€{\\', { layout: 'de' }), 'AltGr+KeyQ AltGr+KeyE AltGr+Digit7 AltGr+Minus');
  assert.equal(pressed('{', { layout: 'it' }), 'Shift+AltGr+BracketLeft');
  assert.equal(pressed('1.', { layout: 'fr' }), 'Shift+Digit1 Shift+Comma');
  const [at] = strokesOf('@', { layout: 'de' }).strokes;
  assert.deepEqual([at?.keysym, at?.modifiers.map(({ keysym }) => keysym)], [0x40, [0xfe03]]);
});

test('a dead key comes before its letter, or before a space for the accent itself', () => {
  assert.equal(pressed('^', { layout: 'de' }), 'Backquote Space');
  assert.equal(pressed('é', { layout: 'de' }), 'Equal KeyE');
  assert.equal(pressed('È', { layout: 'de' }), 'Shift+Equal Shift+KeyE');
  assert.equal(pressed('ë', { layout: 'fr' }), 'Shift+BracketLeft KeyE');
  assert.equal(pressed('ñ', { layout: 'se' }), 'AltGr+BracketRight KeyN');
  assert.equal(strokesOf('ê', { layout: 'fr' }).strokes[0]?.keysym, 0xfe52);
  assert.equal(pressed('e\u0301', { layout: 'de' }), 'Equal KeyE', 'however the text combines it');
});

test('F25: what a layout cannot type is listed once each, and the rest is typed', () => {
  const typing = strokesOf('naïve → привет\u0007', { layout: 'us' });
  assert.deepEqual(typing.impossible, ['ï', '→', 'п', 'р', 'и', 'в', 'е', 'т', '\u0007']);
  assert.equal(typing.strokes.map(nameOf).join(' '), 'KeyN KeyA KeyV KeyE Space Space');
  assert.deepEqual(strokesOf('😀é', { layout: 'us' }).impossible, ['😀', 'é']);
});

test('line ends of every kind are one Enter', () => {
  assert.equal(pressed('a\r\nb\rc\n\t', { layout: 'us' }), 'KeyA Enter KeyB Enter KeyC Enter Tab');
});

test('a Russian guest that does not switch types one alphabet', () => {
  assert.equal(pressed('Яя.', { layout: 'ru', startsIn: 'own' }), 'Shift+KeyZ KeyZ Slash');
  assert.deepEqual(strokesOf('echo я', { layout: 'ru', startsIn: 'own' }).impossible, ['e', 'c', 'h', 'o']);
  assert.deepEqual(strokesOf('echo я', { layout: 'ru' }).impossible, ['я']);
});

test('a Russian guest switches between alphabets only where it must, and back at the end', () => {
  assert.equal(pressed('a я, b', { layout: 'ru', switchWith: 'Alt+Shift' }), 'KeyA Space Alt+ShiftLeft KeyZ Shift+Slash Space Alt+ShiftLeft KeyB');
  assert.equal(pressed('ё', { layout: 'ru', switchWith: 'Ctrl+Shift' }), 'Ctrl+ShiftLeft Backquote Ctrl+ShiftLeft');
  assert.equal(pressed('x', { layout: 'ru', switchWith: 'CapsLock', startsIn: 'own' }), 'CapsLock KeyX CapsLock');
  assert.equal(pressed('я', { layout: 'ru', switchWith: 'Win+Space', startsIn: 'own' }), 'KeyZ');
  for (const switchWith of alphabetSwitches.filter((name) => name !== 'none')) {
    assert.deepEqual(strokesOf('[Привет] №1 $HOME', { layout: 'ru', switchWith }).impossible, [], switchWith);
  }
});

test('a switch means nothing to a layout with one alphabet', () => {
  assert.equal(pressed('a', { layout: 'de', switchWith: 'Alt+Shift', startsIn: 'latin' }), 'KeyA');
});
