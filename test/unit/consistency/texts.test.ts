import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { config } from '@vscode/l10n';
import { root } from '../../../scripts/paths';
import { shownTexts, textsIn } from '../../../scripts/texts';
import { attentionRoot } from '../../../src/domain/attentionTree';
import { briefCause } from '../../../src/domain/cause';
import { describe } from '../../../src/domain/describe';
import { groupOf } from '../../../src/domain/kinds/index';
import { platformGroup } from '../../../src/domain/kind';
import { tooltipOf } from '../../../src/domain/tooltip';
import { childrenOf } from '../../../src/domain/tree';
import type { TreeInput, TreeNode } from '../../../src/domain/treeNode';
import { rowOf } from '../../../src/domain/treeRow';
import { world } from '../../cluster/world/index';
import { FakeView } from '../domain/fakeView';
import { condition, machine, nowMs, object } from '../domain/objects';

type Texts = Readonly<Record<string, string>>;

const read = (file: string) => JSON.parse(readFileSync(path.join(root, file), 'utf8')) as Texts;
const english = shownTexts();
const russian = read('l10n/bundle.l10n.ru.json');
const manifest = { english: read('package.nls.json'), russian: read('package.nls.ru.json') };
const everyRussian = [...Object.values(russian), ...Object.values(manifest.russian)];

/** Names and abbreviations that are the same in both languages. */
const international = new Set(['*cloud-init*', 'CD-ROM', 'CPU {0}', '1 core', '1 core, {0}', '{0} cores', '{0} cores, {1}', 'Deckhouse Virtualization']);

test('every text that is shown has a Russian one', () => {
  assert.deepEqual(english.filter((text) => !russian[text]?.trim()), []);
});

test('no Russian text is left over', () => {
  const shown = new Set(english);
  assert.deepEqual(Object.keys(russian).filter((text) => !shown.has(text)), []);
});

test('Russian texts have the placeholders of the English ones', () => {
  const placeholders = (text: string) => [...new Set(text.match(/\{\d+\}/g))].sort();
  for (const [text, translated] of Object.entries(russian)) {
    assert.deepEqual(placeholders(translated), placeholders(text), text);
  }
});

test('what has words in English has Russian words', () => {
  const pairs = [...Object.entries(russian), ...Object.keys(manifest.russian).map((key) => [manifest.english[key] ?? '', manifest.russian[key] ?? ''] as const)];
  const foreign = pairs.filter(([text, translated]) => !international.has(text) && /\p{L}/u.test(text.replace(/\{\d+\}/g, '')) && !/[а-яё]/i.test(translated));
  assert.deepEqual(foreign, []);
});

test('Russian texts quote with guillemets that are closed', () => {
  for (const text of everyRussian) {
    assert.doesNotMatch(text, /["“”„]/);
    assert.equal(text.match(/«/g)?.length, text.match(/»/g)?.length, text);
  }
});

test('a Russian text is a sentence or a phrase where the English one is', () => {
  const units = new Set(['{0} d', '{0} y', '{0} {1} objects?']);
  const end = (text: string) => /[.?:…]$/.exec(text)?.[0] ?? '';
  for (const [text, translated] of Object.entries(russian).filter(([key]) => !units.has(key))) {
    assert.equal(end(translated), end(text), text);
    assert.equal(translated, translated.trim(), text);
  }
});

test('a command is called the same in the palette and in messages', () => {
  for (const [key, title] of Object.entries(manifest.english).filter(([name]) => name.startsWith('command.'))) {
    assert.equal(manifest.russian[key], russian[title], key);
  }
});

test('texts are without exclamation marks and emoji', () => {
  for (const text of [...english, ...Object.values(manifest.english), ...everyRussian]) {
    assert.doesNotMatch(text, /!(?!=)|\p{Extended_Pictographic}/u);
  }
});

/** Other tests of this process speak English. */
function inRussian(run: () => void): void {
  config({ contents: JSON.stringify(russian) });
  try {
    run();
  } finally {
    config({ contents: '{}' });
  }
}

test('tree, tooltips and descriptions of a whole cluster speak Russian only', () => inRussian(() => {
  const objects = [...world({ module: '1.10', nowMs })];
  const view = new FakeView(objects);
  const input: TreeInput = { contexts: [{ id: 'demo', label: 'demo', view }], options: { groupBy: 'namespace', sort: 'health', filter: '' }, nowMs };
  const rows = (node: TreeNode | undefined): readonly string[] => childrenOf(node, input).flatMap((child) => {
    const { label, description, accessibleLabel = '' } = rowOf(child, input);
    return [label, description, accessibleLabel, ...rows(child)];
  });
  const described = objects.filter(({ apiVersion }) => groupOf(apiVersion) === platformGroup);
  const shown = [...rows(undefined), ...rows(attentionRoot), ...described.flatMap((object) => [describe(object, view, nowMs), tooltipOf(object, view, nowMs)])].join('\n');
  const sentences = english.filter((text) => /^[^{}]*\s[^{}]*\s[^{}]*$/.test(text));
  assert.deepEqual(sentences.filter((text) => shown.includes(text)), []);
}));

test('a cause further down names its own object only, in Russian too', () => inRussian(() => {
  const held = machine('db', 'Pending', { spec: { blockDeviceRefs: [{ kind: 'VirtualDisk', name: 'data' }] }, status: { conditions: [condition('BlockDevicesReady', 'False', 'BlockDevicesNotReady')] } });
  const disk = object('VirtualDisk', { name: 'data', spec: { dataSource: { objectRef: { kind: 'VirtualImage', name: 'ubuntu' } } }, status: { phase: 'Pending', conditions: [condition('DatasourceReady', 'False', 'ImageNotReady')] } });
  const image = object('VirtualImage', { name: 'ubuntu', status: { phase: 'Failed', conditions: [condition('Ready', 'False', 'ProvisioningFailed')] } });
  assert.equal(briefCause(held, new FakeView([held, disk, image]), nowMs), 'образ «ubuntu»: импорт не удался');
}));

test('the extraction finds literals, both branches of a choice, and marked data', () => {
  const source = "t('a'); f(t(`b`, 1)); t(x ? 'c' : 'd'); const k = { title: text('e') }; t(k.title); t(x.y ?? ''); t(x.y ?? 'f'); other('g');";
  assert.deepEqual([...textsIn('x.ts', source)].sort(), ['a', 'b', 'c', 'd', 'e', 'f']);
});

test('the extraction refuses a text that is put together', () => {
  assert.throws(() => [...textsIn('x.ts', "t('a' + b)")], /x\.ts/);
  assert.throws(() => [...textsIn('x.ts', 't(`a ${b}`)')], /x\.ts/);
});
