import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { root } from '../../../scripts/paths';
import { shownTexts, textsIn } from '../../../scripts/texts';

const russian = JSON.parse(readFileSync(path.join(root, 'l10n/bundle.l10n.ru.json'), 'utf8')) as Readonly<Record<string, string>>;

test('every text that is shown has a Russian one', () => {
  assert.deepEqual(shownTexts().filter((text) => !russian[text]), []);
});

test('no Russian text is left over', () => {
  const shown = new Set(shownTexts());
  assert.deepEqual(Object.keys(russian).filter((text) => !shown.has(text)), []);
});

test('Russian texts have the placeholders of the English ones', () => {
  const placeholders = (text: string) => [...new Set(text.match(/\{\d+\}/g))].sort();
  for (const [text, translated] of Object.entries(russian)) {
    assert.deepEqual(placeholders(translated), placeholders(text), text);
  }
});

test('texts are without exclamation marks and emoji', () => {
  for (const text of [...shownTexts(), ...Object.values(russian)]) {
    assert.doesNotMatch(text, /!(?!=)|\p{Extended_Pictographic}/u);
  }
});

test('the extraction finds literals, both branches of a choice, and marked data', () => {
  const source = "t('a'); f(t(`b`, 1)); t(x ? 'c' : 'd'); const k = { title: text('e') }; t(k.title); t(x.y ?? ''); t(x.y ?? 'f'); other('g');";
  assert.deepEqual([...textsIn('x.ts', source)].sort(), ['a', 'b', 'c', 'd', 'e', 'f']);
});

test('the extraction refuses a text that is put together', () => {
  assert.throws(() => [...textsIn('x.ts', "t('a' + b)")], /x\.ts/);
  assert.throws(() => [...textsIn('x.ts', 't(`a ${b}`)')], /x\.ts/);
});
