import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import type { KubeObject } from '../../../src/domain/kubeObject';
import { FakeView } from '../domain/fakeView';
import { object } from '../domain/objects';
import type { ServiceParts } from './support';
import { accept, atCursor, service } from './support';

const head = 'apiVersion: virtualization.deckhouse.io/v1alpha2\nkind: VirtualMachine\nmetadata:\n  name: web\n';

/** Labels at `¦`, and the text after the one called `take` was accepted. */
function at(marked: string, parts: ServiceParts = {}, uri?: string) {
  const { document, position } = atCursor(marked, uri);
  const items = service(parts).completion(document, position)?.items ?? [];
  return {
    labels: items.map(({ label }) => label),
    detail: (label: string) => items.find((item) => item.label === label)?.labelDetails?.description,
    take: (label: string) => {
      const item = items.find((each) => each.label === label);
      assert.ok(item, `${label} is offered`);
      return accept(document, item);
    },
  };
}

test('an empty file offers whole manifests, and each of them is valid apart from what has to be filled in', () => {
  const { labels, take } = at('¦');
  assert.deepEqual(labels.slice(0, 2), ['VirtualMachine', 'VirtualDisk']);
  for (const label of labels.filter((each) => /^[A-Z]\w+$/.test(each))) {
    const { kind, metadata } = parse(take(label)) as KubeObject;
    assert.deepEqual({ kind, name: metadata.name }, { kind: label, name: 'name' });
  }
});

test('required fields come first, those that are there already are not offered again', () => {
  const { labels } = at(`${head}spec:\n  cpu:\n    cores: 2\n  ¦`);
  assert.deepEqual(labels.slice(0, 3), ['virtualMachineClassName', 'memory', 'blockDeviceRefs']);
  assert.ok(!labels.includes('cpu'));
});

test('a field brings its required structure along', () => {
  assert.equal(at(`${head}spec:\n  bl¦\n`).take('blockDeviceRefs'), `${head}spec:\n  blockDeviceRefs:\n    - kind: VirtualDisk\n      name: \n`);
  assert.equal(at(`${head}spec:\n  ¦\n`).take('cpu'), `${head}spec:\n  cpu:\n    cores: 2\n`);
});

for (const [what, marked, expected] of [
  ['an empty value', `${head}spec:\n  osType: ¦\n`, `${head}spec:\n  osType: Windows\n`],
  ['a value right behind the colon', `${head}spec:\n  osType:¦\n`, `${head}spec:\n  osType: Windows\n`],
  ['half a value with fields below', `${head}spec:\n  osType: Wi¦\n  cpu:\n    cores: 2\n`, `${head}spec:\n  osType: Windows\n  cpu:\n    cores: 2\n`],
  ['a value that is replaced', `${head}spec:\n  osType: Ge¦neric # comment\n`, `${head}spec:\n  osType: Windows # comment\n`],
  ['a value in quotes', `${head}spec:\n  osType: "W¦"\n`, `${head}spec:\n  osType: "Windows"\n`],
  ['a value behind an unclosed brace', `${head}spec: { osType: ¦`, `${head}spec: { osType: Windows`],
] as const) {
  test(`values: ${what}`, () => assert.equal(at(marked).take('Windows'), expected));
}

for (const [what, marked, label] of [
  ['a new item', `${head}spec:\n  blockDeviceRefs:\n    - ¦`, 'kind'],
  ['a further field of an item', `${head}spec:\n  blockDeviceRefs:\n    - kind: VirtualDisk\n      ¦`, 'name'],
  ['an item that is not indented', `${head}spec:\n  blockDeviceRefs:\n  - kind: VirtualDisk\n    n¦`, 'name'],
  ['an item that begins with the dash of another', `${head}spec:\n  blockDeviceRefs:\n  - kind: VirtualDisk\n    name: a\n  - k¦`, 'kind'],
  ['below a scalar, where nothing can be', `${head}spec:\n  runPolicy: Manual\n    cp¦`, 'cpu'],
  ['between fields', `${head}spec:\n  cpu:\n    cores: 2\n    ¦\n  memory:\n    size: 2Gi\n`, 'coreFraction'],
  ['in a flow mapping', `${head}spec:\n  cpu: { cores: 2, ¦ }\n`, 'coreFraction'],
  ['in a flow mapping over several lines', `${head}spec:\n  cpu: {\n    cores: 2,\n    ¦\n  }\n`, 'coreFraction'],
  ['in the second document', `${head}spec: {}\n---\n${head}spec:\n  ¦`, 'cpu'],
  ['with carriage returns', `${head}spec:\n  ¦`.replaceAll('\n', '\r\n'), 'cpu'],
  ['in a template of a pool', 'apiVersion: virtualization.deckhouse.io/v1alpha2\nkind: VirtualMachinePool\nspec:\n  virtualMachineTemplate:\n    spec:\n      ¦', 'cpu'],
  ['of metadata', `${head}  ¦`, 'labels'],
] as const) {
  test(`fields: ${what}`, () => assert.ok(at(marked).labels.includes(label), at(marked).labels.join()));
}

test('a field of an item that is written below its dash moves to its place', () => {
  assert.equal(at(`${head}spec:\n  blockDeviceRefs:\n    - kind: VirtualDisk\n    na¦`).take('name'), `${head}spec:\n  blockDeviceRefs:\n    - kind: VirtualDisk\n      name: `);
});

test('snippets are offered where they fit', () => {
  assert.ok(at('¦').labels.includes('virtual machine with image and disk'));
  assert.match(at('virtual ma¦').take('virtual machine'), /^apiVersion: virtualization[^]*VirtualDisk/);
  assert.ok(at('¦', { module: '0.17' }).labels.includes('restore virtual machine 0.17') && !at('¦').labels.includes('restore virtual machine 0.17'));
  assert.match(at(`${head}spec:\n  ¦`).take('nodeSelector'), /\n {2}nodeSelector:\n {4}/);
  assert.ok(at(`${head}spec:\n  provisioning:\n    userData: |\n      #cloud-config\n      ¦`).labels.includes('cloud-init user'));
  assert.ok(!at(`${head}spec:\n  osType: ¦`).labels.includes('virtual machine'));
});

test('JSON gets quotes', () => {
  const text = '{"apiVersion":"virtualization.deckhouse.io/v1alpha2","kind":"VirtualMachine","spec":{"os¦"}}';
  assert.match(at(text, {}, 'file:///a.json').take('osType'), /"spec":\{"osType": ""\}/);
});

test('a list offers a new item with its dash', () => {
  assert.equal(at(`${head}spec:\n  blockDeviceRefs:\n    ¦`).take('- blockDeviceRefs'), `${head}spec:\n  blockDeviceRefs:\n    - kind: VirtualDisk\n      name: `);
});

test('nothing is offered in comments, in documents of others, and in templates of other kinds', () => {
  assert.deepEqual(at(`${head}spec:\n  # os¦`).labels, []);
  assert.deepEqual(at('apiVersion: apps/v1\nkind: Deployment\nspec:\n  ¦').labels, []);
  assert.deepEqual(at('name: build\n¦').labels, []);
});

test('kinds and versions follow each other', () => {
  assert.ok(at('apiVersion: virtualization.deckhouse.io/v1alpha3\nkind: ¦').labels.includes('VirtualMachineClass'));
  assert.ok(!at('apiVersion: virtualization.deckhouse.io/v1alpha3\nkind: ¦').labels.includes('VirtualMachine'));
  assert.deepEqual(at('apiVersion: ¦\nkind: VirtualMachineClass\n').labels, ['virtualization.deckhouse.io/v1alpha3', 'virtualization.deckhouse.io/v1alpha2']);
  assert.ok(!at('kind: ¦', { module: '0.17' }).labels.includes('VirtualMachinePool'));
});

test('cores are steps with their layout', () => {
  const { labels, detail } = at(`${head}spec:\n  cpu:\n    cores: ¦`);
  assert.ok(labels.includes('16') && labels.includes('18') && !labels.includes('17'));
  assert.equal(detail('20'), '2 sockets × 10');
});

const classes: readonly KubeObject[] = [{
  apiVersion: 'virtualization.deckhouse.io/v1alpha3', kind: 'VirtualMachineClass', metadata: { name: 'small' }, status: { phase: 'Ready' },
  spec: { cpu: { type: 'Host' }, sizingPolicies: [{ cores: { min: 1, max: 4 }, coreFractions: ['10%', '50%'], memory: { min: '1Gi', max: '8Gi' } }] },
}];

test('sizes are those of the class', () => {
  const view = new FakeView(classes);
  const spec = (rest: string) => `${head}spec:\n  virtualMachineClassName: small\n  cpu:\n    cores: 2\n${rest}`;
  assert.deepEqual(at(spec('    coreFraction: ¦'), { view }).labels, ['10%', '50%']);
  assert.deepEqual(at(spec('  memory:\n    size: ¦'), { view }).labels, ['1Gi', '2Gi', '4Gi', '6Gi', '8Gi']);
  assert.equal(at(`${head}spec:\n  virtualMachineClassName: ¦`, { view }).detail('small'), 'Host · 1–4 cores');
});

test('disks are offered that are ready and free', () => {
  const disk = (name: string, phase: string, holder?: string) => object('VirtualDisk', { name, status: { phase, capacity: '20Gi', ...(holder ? { attachedToVirtualMachines: [{ name: holder }] } : {}) } });
  const view = new FakeView([disk('free', 'Ready'), disk('taken', 'Ready', 'other'), disk('own', 'Ready', 'web'), disk('broken', 'Failed'), { ...disk('elsewhere', 'Ready'), metadata: { name: 'elsewhere', namespace: 'dev' } }]);
  const { labels, detail } = at(`${head}spec:\n  blockDeviceRefs:\n    - kind: VirtualDisk\n      name: ¦`, { view });
  assert.deepEqual(labels, ['free', 'own']);
  assert.equal(detail('free'), 'Ready · 20 GiB');
});

test('Secrets are offered by type, storage classes with what they can do, node labels with their values', () => {
  const secret = (name: string, type: string): KubeObject => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: 'prod' }, type });
  const view = new FakeView([
    secret('init', 'provisioning.virtualization.deckhouse.io/cloud-init'), secret('other', 'Opaque'),
    { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: 'fast' }, provisioner: 'csi', volumeBindingMode: 'WaitForFirstConsumer', allowVolumeExpansion: true },
    { apiVersion: 'v1', kind: 'Node', metadata: { name: 'a', labels: { zone: 'x', on: 'true' } } }, { apiVersion: 'v1', kind: 'Node', metadata: { name: 'b', labels: { zone: 'y' } } },
  ]);
  assert.deepEqual(at(`${head}spec:\n  provisioning:\n    type: UserDataRef\n    userDataRef:\n      name: ¦`, { view }).labels, ['init']);
  assert.equal(at('apiVersion: virtualization.deckhouse.io/v1alpha2\nkind: VirtualDisk\nspec:\n  persistentVolumeClaim:\n    storageClassName: ¦', { view }).detail('fast'), 'csi · WaitForFirstConsumer · can grow');
  assert.deepEqual(at(`${head}spec:\n  nodeSelector:\n    ¦`, { view }).labels, ['on', 'zone']);
  assert.deepEqual(at(`${head}spec:\n  nodeSelector:\n    zone: ¦`, { view }).labels, ['x', 'y']);
  assert.match(at(`${head}spec:\n  nodeSelector:\n    on: ¦`, { view }).take('true'), /on: "true"$/);
});

test('labels of nodes and machines are offered wherever something is selected by them', () => {
  const labelled = (name: string, labels: Record<string, string>) => object('VirtualMachine', { name, metadata: { labels } });
  const view = new FakeView([
    { apiVersion: 'v1', kind: 'Node', metadata: { name: 'a', labels: { zone: 'x' } }, spec: { taints: [{ key: 'dedicated', value: 'db', effect: 'NoSchedule' }] } }, { apiVersion: 'v1', kind: 'Node', metadata: { name: 'b', labels: { zone: 'y' } } },
    labelled('one', { app: 'shop' }), labelled('two', { app: 'shop', tier: 'front' }),
  ]);
  const labels = (place: string) => at(`${head}spec:\n${place}`, { view }).labels;
  const terms = '  affinity:\n    nodeAffinity:\n      requiredDuringSchedulingIgnoredDuringExecution:\n        nodeSelectorTerms:\n          - matchExpressions:\n              - operator: In\n                key: ';
  assert.deepEqual(labels(`${terms}¦`), ['zone']);
  assert.deepEqual(labels(`${terms}zone\n                values:\n                  - ¦`), ['x', 'y']);
  assert.deepEqual(labels(`${terms}zone\n                values: [x, ¦]`), ['x', 'y']);
  assert.deepEqual(labels('  topologySpreadConstraints:\n    - topologyKey: ¦'), ['zone']);
  assert.deepEqual(labels('  topologySpreadConstraints:\n    - labelSelector:\n        matchLabels:\n          ¦'), ['app', 'tier']);
  assert.deepEqual(labels('  tolerations:\n    - key: ¦'), ['dedicated']);
  assert.equal(at(`${head}spec:\n  topologySpreadConstraints:\n    - labelSelector:\n        matchLabels:\n          app: ¦`, { view }).detail('shop'), '2 machines');
});

test('beside a machine, what publishes it is completed too', () => {
  const labelled = head.replace('name: web', 'name: web\n  labels: {app: shop}');
  const service = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n';
  const beside = (text: string) => at(`${labelled}---\n${text}`);
  assert.ok(beside(`${service}  ¦`).labels.includes('sessionAffinity'));
  assert.deepEqual(beside(`${service}  type: ¦`).labels, ['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName']);
  assert.deepEqual(beside(`${service}  selector:\n    ¦`).labels, ['app']);
  assert.deepEqual(beside(`${service}  selector:\n    app: ¦`).labels, ['shop']);
  const ingress = 'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: web\nspec:\n  rules:\n    - http:\n        paths:\n          - backend:\n              service:\n                name: ¦';
  assert.deepEqual(beside(`${service}  ports: []\n---\n${ingress}`).labels, ['web']);
  assert.deepEqual(beside('apiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata:\n  name: fast\nvolumeBindingMode: ¦').labels, ['Immediate', 'WaitForFirstConsumer']);
  assert.deepEqual(at(`${service}  ¦`).labels, [], 'a file of others is theirs');
});

test('objects of other documents are offered before they are applied', () => {
  const disk = 'apiVersion: virtualization.deckhouse.io/v1alpha2\nkind: VirtualDisk\nmetadata:\n  name: planned\n---\n';
  assert.deepEqual(at(`${disk}${head}spec:\n  blockDeviceRefs:\n    - kind: VirtualDisk\n      name: ¦`).labels, ['planned']);
});

test('user data: first line, keys, nested keys, values, and the manifest goes on below', () => {
  const machine = (inner: string) => `${head}spec:\n  provisioning:\n    type: UserData\n    userData: |\n${inner}\n  memory:\n    size: 2Gi\n`;
  assert.equal(at(machine('      #cl¦')).labels[0], '#cloud-config');
  assert.match(at(machine('      #cloud-config\n      ru¦')).take('runcmd'), /\n {6}runcmd:\n {8}- \n {2}memory/);
  assert.ok(at(machine('      #cloud-config\n      users:\n        - name: a\n          sh¦')).labels.includes('shell'));
  assert.deepEqual(at(machine('      #cloud-config\n      ssh_pwauth: ¦')).labels, ['true', 'false']);
  assert.ok(at(machine('      #cloud-config\n  ¦')).labels.includes('cpu'));
});

test('bad input is answered without failing', () => {
  for (const text of ['¦', '\t¦', '{¦', '[[[[¦', '- - - ¦', ': ¦', '"¦', `${head}spec: &a\n  x: *a\n  ¦`, `${head}spec:\n${'  - '.repeat(200)}¦`, '--- ¦', '---¦', `%YAML 1.1\n---\n¦`]) {
    at(text);
  }
});
