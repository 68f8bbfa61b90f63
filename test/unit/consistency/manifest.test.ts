import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { outdated, settings, titles } from '../../../scripts/generate';
import { root } from '../../../scripts/paths';

interface Setting {
  readonly default: unknown;
  readonly type: string;
  readonly scope: string;
}

interface Manifest {
  readonly name: string;
  readonly publisher: string;
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string }[];
    readonly menus: Readonly<Record<string, readonly { readonly command: string; readonly when?: string; readonly group?: string }[]>>;
    readonly keybindings: readonly { readonly command: string; readonly key: string; readonly when: string }[];
    readonly views: Readonly<Record<string, readonly { readonly id: string; readonly icon: string }[]>>;
    readonly viewsWelcome: readonly { readonly view: string; readonly contents: string; readonly when: string }[];
    readonly walkthroughs: readonly { readonly steps: readonly { readonly media: { readonly image: string }; readonly completionEvents: readonly string[] }[] }[];
    readonly configuration: { readonly properties: Readonly<Record<string, Setting>> };
  };
  readonly capabilities: { readonly untrustedWorkspaces: { readonly supported: unknown; readonly restrictedConfigurations: readonly string[] } };
}

const manifestText = readFileSync(path.join(root, 'package.json'), 'utf8');
const manifest = JSON.parse(manifestText) as Manifest;
const { contributes } = manifest;
const english = readTexts('package.nls.json');
const russian = readTexts('package.nls.ru.json');

function readTexts(file: string): Readonly<Record<string, string>> {
  return JSON.parse(readFileSync(path.join(root, file), 'utf8')) as Readonly<Record<string, string>>;
}

test('package.json, package.nls.json and the English bundle are up to date (else: npm run generate)', async () => {
  assert.deepEqual(await outdated(), []);
});

test('settings in the code and in package.json agree', () => {
  const declared = Object.fromEntries(Object.entries(contributes.configuration.properties).map(([key, setting]) => [key, setting.default]));
  assert.deepEqual(declared, settings());
});

test('F32: what names a kubeconfig or a program cannot be set by an untrusted workspace', () => {
  const { supported, restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
  assert.equal(supported, 'limited');
  for (const setting of ['dvp.kubeconfig', 'dvp.credentialPlugins', 'dvp.contexts', 'dvp.readOnly']) {
    assert.ok(restrictedConfigurations.includes(setting), setting);
  }
  assert.deepEqual(restrictedConfigurations.filter((key) => !(key in contributes.configuration.properties)), []);
});

test('every placeholder of package.json has an English and a Russian text, and no text is left over', () => {
  const used = [...new Set([...manifestText.matchAll(/"%([^%"]+)%"/g)].map(([, key]) => key ?? ''))].sort();
  assert.deepEqual(Object.keys(english).sort(), used);
  assert.deepEqual(Object.keys(russian).sort(), used);
});

test('links and commands in welcome texts are the same in both languages, and the commands exist', () => {
  const links = (text: string | undefined) => [...(text ?? '').matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => link);
  const focus = Object.values(contributes.views).flat().map(({ id }) => `command:${id}.focus`);
  const known = [...contributes.commands.map(({ command }) => `command:${command}`), ...focus];
  for (const [key, text] of Object.entries(english)) {
    assert.deepEqual(links(russian[key]), links(text), key);
    assert.deepEqual(links(text).filter((link) => link?.startsWith('command:dvp.') && !known.includes(link)), [], key);
  }
});

test('steps of the walkthrough have a picture and end with commands that exist', () => {
  for (const { media, completionEvents } of contributes.walkthroughs.flatMap(({ steps }) => steps)) {
    assert.ok(existsSync(path.join(root, media.image)), media.image);
    for (const event of completionEvents.filter((one) => one.startsWith('onCommand:'))) {
      assert.ok(contributes.commands.some(({ command }) => event === `onCommand:${command}`), event);
    }
  }
});

test('menus, keys and the list of commands name only commands that exist', () => {
  const known = new Set(contributes.commands.map(({ command }) => command));
  assert.equal(known.size, contributes.commands.length, 'each once');
  assert.equal([...known].filter((command) => !command.endsWith('.inline')).length, Object.keys(titles()).length);
  const named = [...Object.values(contributes.menus).flat(), ...contributes.keybindings].map(({ command }) => command);
  assert.deepEqual(named.filter((command) => !known.has(command)), []);
});

test('a row has at most two actions at its end, whatever can be done to it', () => {
  const inline = contributes.menus['view/item/context']?.filter(({ group }) => group?.startsWith('inline')) ?? [];
  const abilities = ['vm.start vm.forceStop', 'vm.stop vm.restart vm.migrate', 'context.idle', 'context.open retry', 'object object.delete'];
  for (const ability of abilities) {
    assert.ok(inline.filter(({ when }) => matchesRow(when ?? '', ability)).length <= 2, ability);
  }
});

test('an ability is matched as a whole word', () => {
  const stop = contributes.menus['view/item/context']?.find(({ command }) => command === 'dvp.vm.stop')?.when ?? '';
  assert.ok(matchesRow(stop, 'VirtualMachine vm.stop vm.restart'));
  assert.ok(!matchesRow(stop, 'VirtualMachine vm.stopAll'));
  assert.ok(!matchesRow(stop, 'VirtualMachine vm-stop'));
});

/** Evaluates the part of a clause that looks at the row. */
function matchesRow(when: string, contextValue: string): boolean {
  const source = /viewItem =~ \/(.*)\/$/.exec(when)?.[1];
  assert.ok(source, when);
  return new RegExp(source).test(contextValue);
}

test('icons of views exist', () => {
  for (const { icon } of Object.values(contributes.views).flat()) {
    assert.ok(existsSync(path.join(root, icon)), icon);
  }
});
