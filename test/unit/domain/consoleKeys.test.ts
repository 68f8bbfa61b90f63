import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ownerOf } from '../../../src/domain/consoleKeys';

const press = (text: string) => {
  const parts = text.split('+');
  const code = parts.at(-1) ?? '';
  return { code, key: code.replace(/^Key|^Digit|(?:Left|Right)$/g, ''), ctrlKey: parts.includes('Ctrl'), shiftKey: parts.includes('Shift'), altKey: parts.includes('Alt'), metaKey: parts.includes('Cmd') };
};

test('F31: outside capture the editor keeps its keys, and what is typed is the machine\'s', () => {
  for (const key of ['Ctrl+KeyP', 'Ctrl+KeyW', 'F1', 'AltLeft', 'F6', 'Ctrl+Tab', 'Ctrl+Shift+KeyP', 'Ctrl+Digit1', 'Ctrl+PageDown', 'Cmd+KeyP', 'Ctrl+Backquote']) {
    assert.equal(ownerOf(press(key), false), 'editor', key);
  }
  for (const key of ['KeyA', 'Shift+KeyA', 'Enter', 'Tab', 'Escape', 'Ctrl+KeyC', 'Ctrl+KeyD', 'Ctrl+KeyR', 'Ctrl+KeyK', 'Ctrl+KeyB', 'Ctrl+BracketRight', 'F2', 'F10', 'F12', 'Alt+KeyF', 'Ctrl+Alt+Delete', 'Ctrl+Shift+Digit2', 'Ctrl+Alt+KeyQ']) {
    assert.equal(ownerOf(press(key), false), 'machine', key);
  }
});

test('F31: captured, the machine gets every key; one combination gives them back', () => {
  for (const key of ['Ctrl+KeyP', 'Ctrl+KeyW', 'F1', 'AltLeft', 'Alt+KeyF', 'F6', 'Ctrl+Shift+KeyP', 'Ctrl+Shift+KeyC', 'Cmd+KeyC', 'Ctrl+BracketRight', 'KeyG', 'Ctrl+KeyG', 'Ctrl+Alt+Shift+KeyG']) {
    assert.equal(ownerOf(press(key), true), 'machine', key);
  }
  for (const isCaptured of [true, false]) {
    assert.equal(ownerOf(press('Ctrl+Alt+KeyG'), isCaptured), 'capture');
  }
});

test('copy, paste and find have keys that no program in the machine is used with', () => {
  for (const prefix of ['Ctrl+Shift', 'Cmd']) {
    assert.deepEqual(['C', 'V', 'F'].map((letter) => ownerOf(press(`${prefix}+Key${letter}`), false)), ['copy', 'paste', 'find']);
  }
});
