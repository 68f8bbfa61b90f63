import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { MarkupContent } from 'vscode-languageserver-types';
import { root } from '../../../scripts/paths';
import { help } from '../../../src/language/hover';
import { companionsOf } from '../../../src/language/references';
import { FakeView } from '../domain/fakeView';
import { machine, object } from '../domain/objects';
import { expand, snippetsOf } from '../schemas/snippetText';
import type { ServiceParts } from './support';
import { atCursor, service, yaml } from './support';

const vm = (spec: string, name = 'web') => `apiVersion: virtualization.deckhouse.io/v1alpha2\nkind: VirtualMachine\nmetadata:\n  name: ${name}\n  namespace: prod\nspec:\n${spec}`;
const good = vm('  virtualMachineClassName: generic\n  cpu:\n    cores: 2\n  memory:\n    size: 4Gi\n  blockDeviceRefs:\n    - kind: VirtualDisk\n      name: root\n');
const disk = 'apiVersion: virtualization.deckhouse.io/v1alpha2\nkind: VirtualDisk\nmetadata:\n  name: root\n  namespace: prod\nspec:\n  persistentVolumeClaim:\n    size: 20Gi\n';

function hover(marked: string, parts: ServiceParts = {}): string {
  const { document, position } = atCursor(marked);
  return (service(parts).hover(document, position)?.contents as MarkupContent | undefined)?.value ?? '';
}

test('what is none of ours gets nothing', () => {
  const asked = service();
  for (const text of ['', 'a: b', 'apiVersion: apps/v1\nkind: Deployment\nspec: {replicas: x}\n', '# virtualization.deckhouse.io\nkind: Deployment\napiVersion: apps/v1\n']) {
    assert.deepEqual(asked.diagnostics(yaml(text)), [], text);
  }
});

test('Secrets are asked for only where a manifest speaks of them, ranges of Services only beside the module\'s own', () => {
  const further = (...texts: readonly string[]) => companionsOf(texts).filter((kind) => kind === 'Secret' || kind === 'ServiceCIDR');
  assert.deepEqual(companionsOf([]), []);
  assert.deepEqual(further(good, disk), []);
  for (const field of ['userDataRef:', 'sysprepRef:', 'imagePullSecret:']) {
    assert.deepEqual(further(disk, `${good}  ${field}\n`), ['Secret'], field);
  }
  assert.deepEqual(further('apiVersion: v1\nkind: Secret\n'), ['Secret']);
  assert.deepEqual(further('apiVersion: deckhouse.io/v1alpha1\nkind: ModuleConfig\n'), ['ServiceCIDR']);
});

test('templates of Helm are left alone, braces in user data are not', () => {
  const asked = service();
  assert.deepEqual(asked.diagnostics(yaml(good.replace('cores: 2', 'cores: {{ .Values.cores }}'))), []);
  assert.deepEqual(asked.diagnostics(yaml(`{{- if .Values.on }}\n${good.replace('cores: 2', 'cores: -2')}{{- end }}\n`)), []);
  const userData = '  provisioning:\n    type: UserData\n    userData: |\n      #cloud-config\n      hostname: "{{ v1.name }}"\n  runPolcy: x\n';
  assert.deepEqual(asked.diagnostics(yaml(good + userData)).map(({ code }) => code), ['schema/unknown-field']);
});

test('only documents that changed are judged again', () => {
  const asked = service();
  const many = Array.from({ length: 50 }, (_, index) => good.replace('name: web', `name: web-${index}`));
  const text = many.join('---\n');
  asked.diagnostics(yaml(text));
  const before = asked.workspace.parts('file:///manifest.yaml');
  asked.diagnostics(TextDocument.create('file:///manifest.yaml', 'yaml', 2, text.replace('name: web-20\n', 'name: web-20x\n')));
  const after = asked.workspace.parts('file:///manifest.yaml');
  assert.equal(after.filter((part, index) => part.manifest !== before[index]?.manifest).length, 1);
});

test('findings follow the cluster and other documents', () => {
  const view = new FakeView([object('VirtualMachineClass', { name: 'generic', metadata: { namespace: undefined }, status: { phase: 'Ready' } }), { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'prod' } }]);
  const asked = service({ view });
  const codes = () => asked.diagnostics(yaml(good)).map(({ code, message }) => [code, message]);
  assert.deepEqual(codes(), [['reference/missing-object', 'There is no VirtualDisk "root" in the namespace "prod".']]);
  asked.file('file:///disk.yaml', disk);
  assert.deepEqual(codes(), []);
  asked.file('file:///disk.yaml', undefined);
  assert.equal(codes().length, 1);
  view.set(object('VirtualDisk', { name: 'root', status: { phase: 'Ready' } }));
  assert.deepEqual(codes(), []);
});

test('what is not known is not claimed to be missing', () => {
  const view = new FakeView([], { states: Object.fromEntries(['VirtualMachineClass', 'VirtualDisk', 'Namespace', 'VirtualMachineIPAddress', 'VirtualMachineBlockDeviceAttachment'].map((kind) => [kind, { phase: 'unlisted' } as const])) });
  assert.deepEqual(service({ view }).diagnostics(yaml(good)), []);
});

test('what was last known says what there was, and nothing of what there is not', () => {
  const stale = { phase: 'stale', sinceMs: 0, problem: { reason: 'unreachable', message: 'Gone.' } } as const;
  const states = Object.fromEntries(['VirtualMachine', 'VirtualMachineClass', 'VirtualDisk', 'Namespace', 'VirtualMachineIPAddress', 'VirtualMachineBlockDeviceAttachment'].map((kind) => [kind, stale]));
  const view = new FakeView([machine('web', 'Running')], { states });
  assert.deepEqual(service({ view }).diagnostics(yaml(good)), []);
  assert.equal(service({ view }).codeLenses(yaml(good))[0]?.title, 'Running · 2 cores · 4 GiB · as last known (test · prod)');
  assert.match(hover(good.replace('name: root', 'name: r¦oot'), { view }), /VirtualDisk root\*\* is not known: the connection is lost/);
  assert.deepEqual(service({ view }).codeLenses(yaml(disk)).map(({ title }) => title), ['Not known (test · prod)', 'Apply', 'Diff']);
});

test('the module is set as the cluster says; where that may not be read nothing is claimed', () => {
  const diskAndAddress = `${disk}---\napiVersion: virtualization.deckhouse.io/v1alpha2\nkind: VirtualMachineIPAddress\nmetadata:\n  name: far\n  namespace: prod\nspec:\n  type: Static\n  staticIP: 192.0.2.7\n`;
  const config = (name: string, spec: object) => ({ apiVersion: 'deckhouse.io/v1alpha1', kind: 'ModuleConfig', metadata: { name }, spec });
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'prod' } };
  const codes = (view: FakeView) => service({ view }).diagnostics(yaml(diskAndAddress)).map(({ code }) => code);

  assert.deepEqual(codes(new FakeView([namespace])), [], 'nobody has configured it');
  assert.deepEqual(codes(new FakeView([namespace], { states: { ModuleConfig: { phase: 'failed', problem: { reason: 'forbidden', message: 'No.' } } } })), []);
  const view = new FakeView([namespace, config('virtualization', { settings: { virtualMachineCIDRs: ['10.66.10.0/24'] } })]);
  assert.deepEqual(codes(view), ['platform/disk-driver', 'platform/address-range']);
  view.set(config('virtualization', { settings: { virtualMachineCIDRs: ['192.0.2.0/24'], virtualDisks: { defaultStorageClassName: 'fast' } } }));
  assert.deepEqual(codes(view), []);
});

test('F19: what cannot be changed once a disk or an image is ready is seen before it is applied', () => {
  for (const kind of ['VirtualDisk', 'VirtualImage', 'ClusterVirtualImage'] as const) {
    const storage = kind === 'VirtualImage' ? { storage: 'ContainerRegistry' } : {};
    const place = kind === 'ClusterVirtualImage' ? '' : '  namespace: prod\n';
    // The server keeps fields in the order of their names.
    const stored = object(kind, { name: 'a', ...(place === '' && { metadata: { namespace: undefined } }), spec: { dataSource: { http: { url: 'http://a/1.img' }, type: 'HTTP' }, ...storage }, status: { phase: 'Ready' } });
    for (const module of ['1.10', '0.17'] as const) {
      const errors = (url: string) => service({ view: new FakeView([stored]), module })
        .diagnostics(yaml(`apiVersion: virtualization.deckhouse.io/v1alpha2\nkind: ${kind}\nmetadata:\n  name: a\n${place}spec:\n${kind === 'VirtualImage' ? '  storage: ContainerRegistry\n' : ''}  dataSource:\n    type: HTTP\n    http:\n      url: ${url}\n`))
        .filter(({ severity }) => severity === 1);
      assert.equal(errors('http://a/2.img').length, 1, `${kind} ${module}`);
      assert.deepEqual(errors('http://a/1.img'), [], `${kind} ${module}, unchanged`);
    }
  }
});

test('a change that the stored object forbids is seen before it is applied', () => {
  const stored = object('VirtualMachineOperation', { name: 'start', spec: { type: 'Start', virtualMachineName: 'web' } });
  const view = new FakeView([stored, machine('web', 'Stopped')]);
  const text = 'apiVersion: virtualization.deckhouse.io/v1alpha2\nkind: VirtualMachineOperation\nmetadata:\n  name: start\n  namespace: prod\nspec:\n  type: Stop\n  virtualMachineName: web\n';
  assert.ok(service({ view }).diagnostics(yaml(text)).some(({ code }) => code === 'cel/rule'));
  assert.ok(!service({ view }).diagnostics(yaml(text.replace('Stop', 'Start'))).some(({ code }) => code === 'cel/rule'));
});

test('settings decide how loud a finding is; a code goes before its group', () => {
  const text = good.replace('size: 4Gi', 'size: 4000m');
  const levels = (severities: Record<string, string>) => service({ severities: () => severities }).diagnostics(yaml(text)).map(({ severity }) => severity);
  assert.deepEqual(levels({}), [2]);
  assert.deepEqual(levels({ advice: 'error' }), [1]);
  assert.deepEqual(levels({ advice: 'error', 'advice/small-amount': 'off' }), []);
});

test('several mistakes are told at once, and mended one after the other', () => {
  const asked = service();
  let document = yaml(good.replace('cores: 2', 'cores: 17').replace('blockDeviceRefs', 'blockDeviceRef').replace('  memory', '  osType: windows\n  memory'));
  assert.deepEqual(asked.diagnostics(document).map(({ code }) => code).sort(), ['platform/core-count', 'schema/invalid', 'schema/unknown-field']);
  for (let version = 2; asked.diagnostics(document).length > 0 && version < 9; version++) {
    const [finding] = asked.diagnostics(document);
    const [action] = finding ? asked.codeActions(document, finding.range) : [];
    document = TextDocument.create(document.uri, 'yaml', version, TextDocument.applyEdits(document, action?.edit?.changes?.[document.uri] ?? []));
  }
  assert.equal(document.getText(), good.replace('cores: 2', 'cores: 18').replace('  memory', '  osType: Windows\n  memory'));
});

test('a count of cores is mended with one that the class allows', () => {
  const allowed = { apiVersion: 'virtualization.deckhouse.io/v1alpha3', kind: 'VirtualMachineClass', metadata: { name: 'generic' }, spec: { cpu: { type: 'Host' }, sizingPolicies: [{ cores: { min: 1, max: 12, step: 3 }, coreFractions: ['100%'] }] } };
  const asked = service({ view: new FakeView([allowed]) });
  const document = yaml(good.replace('cores: 2', 'cores: 17'));
  const finding = asked.diagnostics(document).find(({ range }) => range.start.line === 8);
  assert.ok(finding);
  assert.deepEqual(asked.codeActions(document, finding.range).map(({ title }) => title), ['Change to "12"', 'Change to "10"']);
});

test('F37: names and states in a hover are text, and descriptions bring no pictures', () => {
  const odd = '![x](https://example.org/x.png)';
  const view = new FakeView([object('VirtualDisk', { name: 'root', status: { phase: odd } })]);
  const shown = [
    hover(good.replace('name: root', `name: "${odd}¦"`), { view }),
    hover(good.replace('name: root', 'name: r¦oot'), { view }),
    ...help({ type: 'string', description: `Says ${odd}.\n- \`a\`: ${odd}` }, 'a'),
  ];
  assert.ok(shown.every((text) => text !== ''));
  shown.forEach((text) => assert.doesNotMatch(text, /!\[/));
});

test('hover explains fields, values, layouts, restarts and who says so', () => {
  assert.match(hover(vm('  runPol¦icy: Manual\n')), /machine should be running[^]*`AlwaysOff`[^]*Default: `AlwaysOnUnlessStoppedManually`[^]*at once[^]*schema of module 1\.10/);
  assert.match(hover(vm('  runPolicy: Man¦ual\n')), /^\*\*`Manual`\*\*/);
  assert.match(hover(vm('  cpu:\n    cores: 2¦0\n')), /20 cores → 2 sockets × 10/);
  assert.match(hover(vm('  nodeSelec¦tor:\n    a: b\n')), /with a restart in CE, at once in EE/);
  assert.match(hover(vm('  provisioning:\n    userData: |\n      #cloud-config\n      runc¦md: []\n')), /end of the first boot[^]*cloud-init/);
  assert.equal(hover('a: ¦b'), '');
});

test('hover shows how a named object is, where it stands, and that it is not known', () => {
  const name = good.replace('name: root', 'name: ro¦ot');
  const view = new FakeView([object('VirtualDisk', { name: 'root', status: { phase: 'Ready', capacity: '20Gi' } })]);
  assert.match(hover(name, { view }), /VirtualDisk root\*\* · Ready · 20 GiB · in the context "test"/);
  assert.match(hover(name, { view: new FakeView() }), /does not exist in the cluster/);
  assert.match(hover(name, { view: new FakeView([], { states: { VirtualDisk: { phase: 'unlisted' } } }) }), /is not known/);
});

test('definition leads to the manifest, else to the live object', () => {
  const { document, position } = atCursor(good.replace('name: root', 'name: ro¦ot'));
  const view = new FakeView([object('VirtualDisk', { name: 'root' })]);
  const asked = service({ view });
  assert.deepEqual(asked.definition(document, position).map(({ uri }) => uri), ['dvp:/test/prod/VirtualDisk/root.yaml']);
  asked.file('file:///disk.yaml', disk);
  assert.deepEqual(asked.definition(document, position).map(({ uri, range }) => [uri, range.start.line]), [['file:///disk.yaml', 3]]);
});

test('a rename reaches every manifest that names the object', () => {
  const { document, position } = atCursor(disk.replace('name: root', 'name: ro¦ot'), 'file:///disk.yaml');
  const asked = service();
  asked.file('file:///vm.yaml', `# first\n---\n${good}`);
  asked.file('file:///other.yaml', good.replace('namespace: prod', 'namespace: dev'));
  assert.deepEqual(asked.references(document, position).map(({ uri }) => uri).sort(), ['file:///disk.yaml', 'file:///vm.yaml']);
  const edit = asked.rename(document, position, 'system');
  assert.ok(edit && !('problem' in edit));
  const { changes } = edit;
  assert.deepEqual(Object.entries(changes ?? {}).map(([uri, edits]) => [uri, ...edits.map(({ range }) => range.start.line)]).sort(), [['file:///disk.yaml', 3], ['file:///vm.yaml', 15]]);
  const refused = asked.rename(document, position, 'Not A Name');
  assert.match(refused && 'problem' in refused ? refused.problem : '', /lower-case/);
});

test('names of the cluster cannot be renamed in a manifest', () => {
  const { document, position } = atCursor(good.replace('name: root', 'name: ro¦ot'));
  assert.equal(service({ view: new FakeView([object('VirtualDisk', { name: 'root' })]) }).renameRange(document, position), undefined);
});

test('links, symbols, folds and lenses of a file with two documents', () => {
  const view = new FakeView([machine('web', 'Running', { status: { nodeName: 'node-a1' } })]);
  const asked = service({ view });
  const document = yaml(`${good}---\n${disk}`);
  assert.deepEqual(asked.documentLinks(document).map(({ target }) => target), ['file:///manifest.yaml#L19']);
  assert.deepEqual(asked.symbols(document).map(({ name, detail, children }) => [name, detail, children?.map((child) => child.name)]), [['web', 'VirtualMachine', ['metadata', 'spec']], ['root', 'VirtualDisk', ['metadata', 'spec']]]);
  const folds = asked.folding(document).map(({ startLine, endLine }) => [startLine, endLine]);
  assert.deepEqual(folds.filter(([start]) => start === 0 || start === 15), [[0, 13], [15, 22]]);
  assert.deepEqual(folds.slice(0, 3), [[0, 13], [2, 4], [5, 13]]);
  assert.deepEqual(asked.codeLenses(document).map(({ title, range }) => [title, range.start.line]), [
    ['Running · 2 cores · 4 GiB · node-a1 (test · prod)', 0], ['Apply', 0], ['Diff', 0], ['Open console', 0], ['Not in the cluster (test · prod)', 15], ['Apply', 15], ['Diff', 15],
  ]);
  const { text, ...sent } = asked.manifestAt(document, { line: 17, character: 2 }) ?? {};
  assert.deepEqual({ ...sent, value: undefined }, { id: 'VirtualDisk', kind: 'VirtualDisk', version: 'v1alpha2', name: 'root', namespace: 'prod', value: undefined });
  assert.equal(text, `---\n${disk}`);
});

test('hints show layout and defaults', () => {
  const hints = service().inlayHints(yaml(good.replace('cores: 2', 'cores: 20')), { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } });
  assert.deepEqual(hints.map(({ label }) => label), ['2 × 10', 'runPolicy: AlwaysOnUnlessStoppedManually, osType: Generic, bootloader: BIOS, liveMigrationPolicy: PreferSafe, enableParavirtualization: true']);
});

test('F41: bad input is bounded', () => {
  const asked = service();
  const bomb = `${good}x: &a [1,1,1,1,1,1,1,1,1]\n${'bcdefghij'.split('').map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghi'[index]}`).join(',')}]`).join('\n')}\n`;
  const userData = vm(`  provisioning:\n    type: UserData\n    userData: |\n      #cloud-config\n      a: &a [1,1,1,1,1,1,1,1,1]\n${'bcdefghij'.split('').map((name, index) => `      ${name}: &${name} [${Array(9).fill(`*${'abcdefghi'[index]}`).join(',')}]`).join('\n')}\n`);
  for (const text of [bomb, userData, `${good}x: &a [*a]\n`, `${good}\tx: 1\n`, `\ufeff${good}`, good.replaceAll('\n', '\r\n'), `${good}  y: "unclosed\n`, `${vm('')}${'  '.repeat(3)}- ${'['.repeat(5000)}`]) {
    const startMs = performance.now();
    asked.diagnostics(yaml(text));
    assert.ok(performance.now() - startMs < 5000, text.slice(-40));
  }
});

for (const module of ['1.10', '0.17'] as const) {
  test(`${module}: every snippet is without findings`, () => {
    for (const snippet of ['manifests', `manifests-${module}`].flatMap(snippetsOf)) {
      const found = service({ module }).diagnostics(yaml(expand(snippet)));
      assert.deepEqual(found.map(({ code, message }) => [code, message]), [], snippet.name);
    }
  });
}

const typicalObjects = path.join(root, '../shared/reference/typical-objects.yaml');

test('the typical objects of the platform are without errors', { skip: existsSync(typicalObjects) ? false : 'the reference is not beside the checkout' }, () => {
  const found = service().diagnostics(yaml(readFileSync(typicalObjects, 'utf8')));
  assert.deepEqual(found.filter(({ severity }) => severity === 1), []);
});

test('of Kubernetes\' own kinds repeated and empty ports and finalizers of nobody are refused, and bytes may stand on several lines', () => {
  const errors = (text: string) => service().diagnostics(yaml(`${good}---\n${text}`)).filter(({ severity }) => severity === 1).map(({ message }) => JSON.stringify(message)).join('\n');
  const published = (ports: string, more = '') => `apiVersion: v1\nkind: Service\nmetadata: {name: web${more}}\nspec:\n  selector: {app: nginx}\n  ports: ${ports}\n`;
  assert.equal(errors(published('[{name: a, port: 80}, {name: b, port: 80, protocol: UDP}]', ', finalizers: [example.org/a, orphan]')), '');
  assert.match(errors(published('[{name: a, port: 80}, {name: a, port: 81}]')), /Two ports cannot have one name/);
  assert.match(errors(published('[{name: a, port: 80}, {name: b, port: 80, protocol: TCP}]')), /only once/);
  assert.notEqual(errors(published('[null]')), '');
  assert.notEqual(errors(published('[{port: 80}]', ', finalizers: [example.org]')), '');
  assert.equal(errors('apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ntype: provisioning.virtualization.deckhouse.io/cloud-init\ndata:\n  userData: |-\n    I2Nsb3VkL\n    WNvbmZpZwo=\n'), '');
});

test('a Service is checked beside a machine, and left alone in a file of others', () => {
  const wrong = 'apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: many}]}\n';
  const beside = 'apiVersion: virtualization.deckhouse.io/v1alpha2\nkind: VirtualDisk\nmetadata: {name: a}\nspec: {persistentVolumeClaim: {size: 1Gi}}\n';
  assert.deepEqual(service().diagnostics(yaml(wrong)), []);
  assert.deepEqual(service().diagnostics(yaml(`${beside}---\n${wrong}`)).map(({ code }) => code), ['schema/invalid']);
});
