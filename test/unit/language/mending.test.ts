import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { object } from '../domain/objects';
import { FakeView } from '../domain/fakeView';
import type { ServiceParts } from './support';
import { atCursor, service, yaml } from './support';

const group = 'virtualization.deckhouse.io/v1alpha2';

/** The fixes of the first finding of a code, and the text after the first of them, or after the one of that title. */
function mend(text: string, code: string, { title, uri, ...parts }: ServiceParts & { title?: string; uri?: string } = {}): { readonly titles: readonly string[]; readonly after: string; readonly rest: readonly string[] } {
  const asked = service(parts);
  const document = yaml(text, uri);
  const finding = asked.diagnostics(document).find((each) => each.code === code);
  assert.ok(finding, code);
  const actions = asked.codeActions(document, finding.range);
  const action = title === undefined ? actions[0] : actions.find((each) => each.title === title);
  assert.ok(action, actions.map((each) => each.title).join());
  const after = TextDocument.applyEdits(document, action.edit?.changes?.[document.uri] ?? []);
  return { titles: actions.map((each) => each.title), after, rest: asked.diagnostics(yaml(after, uri)).map((each) => String(each.code)) };
}

function messagesOf(text: string): readonly string[] {
  return service().diagnostics(yaml(text)).map(({ message }) => (typeof message === 'string' ? message : message.value));
}

const secret = (data: string) => `apiVersion: v1\nkind: Secret\nmetadata:\n  name: first-boot\ntype: provisioning.virtualization.deckhouse.io/cloud-init\n${data}`;
const base64 = (text: string) => Buffer.from(text).toString('base64');

test('user data in base64 is mended in base64', () => {
  const { after, rest } = mend(secret(`data:\n  userData: ${base64('#cloud-config\nrun_cmd:\n  - ls ü\n')}\n`), 'cloud-init/unknown-key');
  assert.equal(after, secret(`data:\n  userData: ${base64('#cloud-config\nruncmd:\n  - ls ü\n')}\n`));
  assert.deepEqual(rest, []);
});

test('user data in base64 can be written as text instead', () => {
  const { after } = mend(secret(`data:\n  userData: |\n    ${base64('#cloud-config\nrun_cmd: []\n')}\n`), 'cloud-init/unknown-key');
  assert.ok(after.includes(`userData: ${base64('#cloud-config\nruncmd: []\n')}\n`), after);
  const plain = mend(secret(`data:\n  userData: ${base64('#cloud-config\nrun_cmd:\n  - ls\n\npackages: []')}\n`), 'cloud-init/unknown-key', { title: 'Write it as text in "stringData"' });
  assert.equal(plain.after, secret('stringData:\n  userData: |-\n    #cloud-config\n    run_cmd:\n      - ls\n\n    packages: []\n'));
});

test('user data as large as a Secret may hold is mended too', () => {
  const written = `#cloud-config\nrun_cmd:\n  - ${'x'.repeat(600_000)}\n`;
  const { after } = mend(secret(`data:\n  userData: ${base64(written)}\n`), 'cloud-init/unknown-key');
  assert.equal(after, secret(`data:\n  userData: ${base64(written.replace('run_cmd', 'runcmd'))}\n`));
});

test('a key beside it keeps a Secret in base64', () => {
  const { titles } = mend(secret(`data:\n  userData: ${base64('#cloud-config\nrun_cmd: []\n')}\n  other: eA==\n`), 'cloud-init/unknown-key');
  assert.deepEqual(titles, ['Change to "runcmd"', 'Remove "run_cmd"']);
});

test('two mistakes in one text that is written anew never overlap', () => {
  const text = secret(`data:\n  userData: ${base64('#cloud-config\nrun_cmd: []\nboot_cmd: []\n')}\n`);
  const { titles } = mend(text, 'cloud-init/unknown-key');
  assert.ok(!titles.some((title) => title.startsWith('Mend all')), titles.join());
});

test('user data in JSON is mended in JSON', () => {
  const machine = (userData: string) => `${JSON.stringify({ apiVersion: group, kind: 'VirtualMachine', metadata: { name: 'web' }, spec: { virtualMachineClassName: 'generic', cpu: { cores: 1 }, memory: { size: '1Gi' }, provisioning: { type: 'UserData', userData }, blockDeviceRefs: [{ kind: 'VirtualDisk', name: 'root' }] } }, null, 2)}\n`;
  const { after, rest } = mend(machine('#cloud-config\nrun_cmd:\n  - echo "x"\n'), 'cloud-init/unknown-key', { uri: 'file:///manifest.json' });
  assert.equal(after, machine('#cloud-config\nruncmd:\n  - echo "x"\n'));
  assert.deepEqual(rest, []);
});

test('the old list of new names is rewritten as a whole, and nothing offers half of it', () => {
  const text = `apiVersion: ${group}\nkind: VirtualMachineOperation\nmetadata:\n  name: clone\nspec:\n  type: Clone\n  virtualMachineName: web\n  clone:\n    mode: DryRun\n    nameReplacements:\n      - from:\n          kind: VirtualDisk\n          name: a\n        to:\n          name: b\n`;
  const { titles, after, rest } = mend(text, 'schema/unknown-field');
  assert.deepEqual(titles, ['Rewrite as "nameReplacement"']);
  assert.match(after, /nameReplacement:\n {6}- from:\n {10}kind: VirtualDisk\n {10}name: a\n {8}to: b\n/);
  assert.deepEqual(rest, []);
});

const restore = `apiVersion: ${group}\nkind: VirtualMachineRestore\nmetadata:\n  name: back\n  namespace: prod\nspec:\n  restoreMode: Safe\n  virtualMachineSnapshotName: before-update\n`;

test('a restore is rewritten for the machine that its snapshot is of', () => {
  const view = new FakeView([object('VirtualMachineSnapshot', { name: 'before-update', spec: { virtualMachineName: 'web' }, status: { phase: 'Ready' } })]);
  const { after } = mend(restore, 'deprecated/removed-kind', { view });
  assert.match(after, /kind: VirtualMachineOperation\n[^]*virtualMachineName: web\n/);
  assert.match(mend(restore, 'deprecated/removed-kind').after, /virtualMachineName: before-update\n/);
});

test('tabs that indent are told as such and replaced by spaces', () => {
  const text = `apiVersion: ${group}\nkind: VirtualDisk\nmetadata:\n\tname: data\nspec:\n\tpersistentVolumeClaim:\n\t\tsize: 1Gi\n`;
  const { after, rest } = mend(text, 'yaml/syntax');
  assert.equal(after, text.replaceAll('\t', '  '));
  assert.deepEqual(rest, []);
  assert.match(messagesOf(text)[0] ?? '', /^YAML does not allow tabs/);
});

const broken: readonly (readonly [metadata: string, words: RegExp])[] = [
  ['  name: "open\n', /^The text in quotes that begins here has no end\.$/],
  ['  name: @x\n', /^A value cannot begin with "@"\. Put it in quotes\.$/],
  ['  name: a: b\n', /^There cannot be a ":" here\./],
  ['  name: x\n   namespace: y\n', /^There cannot be a ":" here\./],
  ['  name: x\n namespace: y\n', /^This line does not fit/],
  ['  labels: {a: b\n', /^The braces/],
  ['  finalizers: [a\n', /^The list/],
  ['  name: *none\n', /^There is no anchor "none"/],
  ['  labels: &a\n    x: *a\n', /^The anchor "a" contains itself/],
  ['  name: "\\q"\n', /^There is no such escape/],
  [`  name: ${'x'.repeat(3 * 1024 * 1024)}\n`, /^The document is larger than the API server accepts: at most 3 MiB/],
];
for (const [metadata, words] of broken) {
  test(`${JSON.stringify(metadata.slice(0, 40))} is told in words of people`, () => {
    const messages = messagesOf(`apiVersion: ${group}\nkind: VirtualDisk\nmetadata:\n${metadata}spec:\n  persistentVolumeClaim:\n    size: 1Gi\n`);
    assert.equal(messages.length, 1);
    assert.match(messages[0] ?? '', words);
  });
}

const labelsAt = (marked: string, parts: ServiceParts) => {
  const { document, position } = atCursor(marked);
  return service(parts).completion(document, position)?.items.map(({ label }) => label) ?? [];
};

test('addresses that nobody has are offered, and none while it is not known who has which', () => {
  const address = `apiVersion: ${group}\nkind: VirtualMachineIPAddress\nmetadata:\n  name: fixed\n  namespace: prod\nspec:\n  type: Static\n  staticIP: ¦\n`;
  const settings = { apiVersion: 'deckhouse.io/v1alpha1', kind: 'ModuleConfig', metadata: { name: 'virtualization' }, spec: { settings: { virtualMachineCIDRs: ['10.66.10.0/29'] } } };
  const lease = (name: string, phase: string) => ({ apiVersion: group, kind: 'VirtualMachineIPAddressLease', metadata: { name }, status: { phase } });
  const asked = object('VirtualMachineIPAddress', { name: 'asked', spec: { type: 'Static', staticIP: '10.66.10.3' } });
  const view = new FakeView([settings, lease('ip-10-66-10-1', 'Bound'), lease('ip-10-66-10-2', 'Released'), asked]);
  assert.deepEqual(labelsAt(address, { view }), ['10.66.10.2', '10.66.10.4', '10.66.10.5', '10.66.10.6']);
  assert.deepEqual(labelsAt(address, { view: new FakeView([settings], { states: { VirtualMachineIPAddressLease: { phase: 'unlisted' } } }) }), []);
  assert.deepEqual(labelsAt(address, {}), []);
});

test('disks that are still being made are offered only to whoever makes them in this workspace', () => {
  const machine = `apiVersion: ${group}\nkind: VirtualMachine\nmetadata:\n  name: web\n  namespace: prod\nspec:\n  blockDeviceRefs:\n    - kind: VirtualDisk\n      name: ¦\n`;
  const disk = (name: string, phase: string) => object('VirtualDisk', { name, status: { phase } });
  const view = new FakeView([disk('ready', 'Ready'), disk('waits', 'WaitForFirstConsumer'), disk('comes', 'Provisioning'), disk('lost', 'Failed')]);
  assert.deepEqual(labelsAt(machine, { view }), ['ready', 'waits']);
  assert.deepEqual(labelsAt(`${machine}---\napiVersion: ${group}\nkind: VirtualDisk\nmetadata:\n  name: comes\n  namespace: prod\nspec: {}\n`, { view }).sort(), ['comes', 'ready', 'waits']);
});
