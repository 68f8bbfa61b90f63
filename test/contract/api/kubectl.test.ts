import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { startCluster, type Cluster } from '../../cluster/start';
import { findKubectl, kubectlFor, type Kubectl } from './kubectl';

const program = findKubectl();

/** A client that we did not write, against the server that we did. */
describe('kubectl', { skip: program === undefined ? 'there is no kubectl in KUBEBUILDER_ASSETS or on the PATH' : false }, () => {
  let cluster: Cluster | undefined;
  let folder = '';
  let kubectl: Kubectl;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'kubectl-test-'));
    cluster = await startCluster({ world: 'empty', platform: false });
    kubectl = kubectlFor(program!, cluster.kubeconfigs.all, folder);
  });
  after(async () => {
    await cluster?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const succeed = async (...args: string[]) => {
    const { code, stdout, stderr } = await kubectl(args);
    assert.equal(code, 0, stderr);
    return stdout;
  };
  const operation = (name: string, type = 'Start', labels = '{app: shop}') =>
    `apiVersion: virtualization.deckhouse.io/v1alpha2\nkind: VirtualMachineOperation\nmetadata: {name: ${name}, labels: ${labels}}\nspec: {type: ${type}, virtualMachineName: web}\n`;
  const create = async (name: string, labels?: string) => {
    const { code, stderr } = await kubectl(['create', '-f', '-'], operation(name, 'Start', labels));
    assert.equal(code, 0, stderr);
  };
  const status = (name: string, phase: string) => succeed('patch', 'vmop', name, '--type=merge', '--subresource=status', '-p', JSON.stringify({ status: { phase } }));

  test('api-resources and explain know the platform\'s kinds', async () => {
    const resources = await succeed('api-resources', '--api-group=virtualization.deckhouse.io');
    assert.match(resources, /^virtualmachines +vm +virtualization\.deckhouse\.io\/v1alpha2 +true +VirtualMachine$/m);
    assert.match(resources, /^virtualmachineclasses +vmc\S* +virtualization\.deckhouse\.io\/v1alpha3 +false +VirtualMachineClass$/m);
    const explained = await succeed('explain', 'vm.spec.cpu');
    assert.match(explained, /^KIND: +VirtualMachine$/m);
    assert.match(explained, /^ {2}cores\t<integer> -required-$/m);
  });

  test('get shows tables, wide ones, and selections', async () => {
    await create('get-1', '{kind: first}');
    await create('get-2', '{kind: second}');
    await status('get-1', 'InProgress');
    const table = (await succeed('get', 'vmop', '-l', 'kind=first')).split('\n');
    assert.match(table[0]!, /^NAME +PHASE +PROGRESS +TYPE +VIRTUALMACHINE +AGE$/);
    assert.match(table[1]!, /^get-1 +InProgress +Start +web +\d+s$/);
    assert.equal(table.length, 3);
    assert.match(await succeed('get', 'vmop', '-o', 'wide', '--field-selector', 'metadata.name=get-2'), /^get-2 /m);
    assert.deepEqual((await succeed('get', 'vmop', '-o', 'name', '-l', 'kind in (first, second)')).trim().split('\n'), ['get-1', 'get-2'].map((name) => `virtualmachineoperation.virtualization.deckhouse.io/${name}`));
    assert.match((await kubectl(['get', 'vmop', 'nobody'])).stderr, /^Error from server \(NotFound\): virtualmachineoperations\.virtualization\.deckhouse\.io "nobody" not found/);
  });

  test('get -w follows changes', async () => {
    await create('watched', '{kind: watched}');
    const following = kubectl.follow(['get', 'vmop', '-w', '-l', 'kind=watched']);
    try {
      assert.match(await following.line(), /^NAME +PHASE/);
      assert.match(await following.line(), /^watched /);
      await status('watched', 'InProgress');
      assert.match(await following.line(), /^watched +InProgress/);
      await succeed('delete', 'vmop', 'watched');
      assert.match(await following.line(), /^watched +InProgress/);
    } finally {
      await following.stop();
    }
  });

  test('describe shows the object and its Events', async () => {
    await create('described');
    const uid = await succeed('get', 'vmop', 'described', '-o', 'jsonpath={.metadata.uid}');
    const { code, stderr } = await kubectl(['create', '-f', '-'], JSON.stringify({
      apiVersion: 'v1', kind: 'Event', metadata: { name: 'described.1', namespace: 'default' }, type: 'Warning', reason: 'Refused', message: 'It did not want to.', count: 1,
      involvedObject: { apiVersion: 'virtualization.deckhouse.io/v1alpha2', kind: 'VirtualMachineOperation', name: 'described', namespace: 'default', uid }, source: { component: 'tester' },
    }));
    assert.equal(code, 0, stderr);
    const text = await succeed('describe', 'vmop', 'described');
    assert.match(text, /^Labels: +app=shop$/m);
    assert.match(text, /Virtual Machine Name: +web/);
    assert.match(text, /Warning +Refused +\S+ +tester +It did not want to\./);
  });

  test('apply from the client creates, changes nothing twice, and changes', async () => {
    const apply = (text: string) => kubectl(['apply', '-f', '-'], text);
    assert.match((await apply(operation('applied'))).stdout, / created$/m);
    assert.match((await apply(operation('applied'))).stdout, / unchanged$/m);
    assert.match((await apply(operation('applied', 'Start', '{app: other}'))).stdout, / configured$/m);
    assert.equal(await succeed('get', 'vmop', 'applied', '-o', 'jsonpath={.metadata.labels.app}'), 'other');
  });

  test('apply on the server tells conflicts', async () => {
    const apply = (text: string, ...more: string[]) => kubectl(['apply', '--server-side', ...more, '-f', '-'], text);
    assert.match((await apply(operation('shared'))).stdout, / serverside-applied$/m);
    await succeed('label', 'vmop', 'shared', 'app=mine', '--overwrite');
    const refused = await apply(operation('shared'));
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /Apply failed with 1 conflict: conflict with "kubectl-label" using virtualization\.deckhouse\.io\/v1alpha2: \.metadata\.labels\.app/);
    assert.match((await apply(operation('shared'), '--force-conflicts')).stdout, / serverside-applied$/m);
  });

  test('label, annotate and patch', async () => {
    await create('changed');
    assert.match(await succeed('label', 'vmop', 'changed', 'tier=front'), / labeled$/m);
    assert.match(await succeed('annotate', 'vmop', 'changed', 'example.org/a=b'), / annotated$/m);
    assert.match(await succeed('patch', 'vmop', 'changed', '--type=json', '-p', '[{"op":"remove","path":"/metadata/labels/app"}]'), / patched$/m);
    assert.equal(await succeed('get', 'vmop', 'changed', '-o', 'jsonpath={.metadata.labels}{.metadata.annotations.example\\.org/a}'), '{"tier":"front"}b');
    assert.match(await succeed('patch', 'vmop', 'changed', '--type=merge', '-p', '{"metadata":{"labels":{"x":"y"}}}', '--dry-run=server'), / patched$/m);
    assert.equal(await succeed('get', 'vmop', 'changed', '-o', 'jsonpath={.metadata.labels.x}'), '');
  });

  test('mistakes are refused before and by the server', async () => {
    const unknown = await kubectl(['create', '-f', '-'], operation('bad').replace('spec: {', 'spec: {tpye: x, '));
    assert.match(unknown.stderr, /strict decoding error: unknown field "spec\.tpye"/);
    const wrong = await kubectl(['create', '-f', '-'], operation('bad', 'Dance'));
    assert.match(wrong.stderr, /spec\.type: Unsupported value: "Dance"/);
  });

  test('Kubernetes\' own kinds: create, describe, delete', async () => {
    assert.match(await succeed('create', 'namespace', 'fresh'), /^namespace\/fresh created$/m);
    await succeed('create', 'configmap', 'c', '-n', 'fresh', '--from-literal=a=b');
    await succeed('create', 'secret', 'generic', 's', '-n', 'fresh', '--from-literal=a=b');
    assert.match(await succeed('describe', 'secret', 's', '-n', 'fresh'), /^a: +1 bytes$/m);
    assert.match(await succeed('get', 'configmap', 'c', '-n', 'fresh', '-o', 'yaml'), /^ {2}a: b$/m);
    await succeed('delete', 'namespace', 'fresh');
    assert.match((await kubectl(['get', 'configmap', 'c', '-n', 'fresh'])).stderr, /not found/);
  });

  test('delete by name, selector and wait', async () => {
    await create('gone-1', '{kind: gone}');
    await create('gone-2', '{kind: gone}');
    assert.match(await succeed('delete', 'vmop', 'gone-1'), / deleted/);
    assert.match(await succeed('delete', 'vmop', '-l', 'kind=gone'), /gone-2/);
    assert.equal(await succeed('get', 'vmop', '-l', 'kind=gone', '-o', 'name'), '');
  });

  test('auth can-i and whoami answer for every user', async () => {
    const ask = async (context: string, ...args: string[]) => (await kubectl(['--context', context, 'auth', 'can-i', ...args])).stdout.trim();
    assert.equal(await ask('admin', '*', '*'), 'yes');
    assert.equal(await ask('viewer', 'list', 'vm'), 'yes');
    assert.equal(await ask('viewer', 'create', 'vm'), 'no');
    assert.equal(await ask('viewer', 'list', 'namespaces'), 'no');
    assert.equal(await ask('editor', 'delete', 'vm'), 'yes');
    for (const user of ['admin', 'editor', 'viewer', 'exec', 'token']) {
      assert.match(await succeed('--context', user, 'auth', 'whoami'), new RegExp(`^Username +${user}$`, 'm'));
    }
  });
});
