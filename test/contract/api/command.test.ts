import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { sleep, systemClock } from '../../../src/base/timing';
import { whyNoRealApi } from '../../cluster/kube/realApi';
import { startCluster } from '../../cluster/start';
import { until } from '../../until';

const root = path.join(import.meta.dirname, '../../..');

/** The command `npm run cluster`, as a process of its own. */
describe('the cluster command', () => {
  let folder = '';
  before(async () => { folder = await mkdtemp(path.join(tmpdir(), 'cluster-command-')); });
  after(async () => { await rm(folder, { recursive: true, force: true }); });

  const start = (args: readonly string[]) => {
    // Everything temporary of the command goes into our folder, so that what it leaves is seen.
    const child = spawn(process.execPath, ['--import', 'tsx', path.join(root, 'test/cluster/main.ts'), '--world', 'empty', '--no-platform', ...args], { cwd: root, env: { ...process.env, TMPDIR: folder }, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    const ready = new Promise<string>((resolve, reject) => {
      const onData = (chunk: Buffer) => {
        output += chunk.toString();
        const url = /Embedded cluster: (\S+)\nKubeconfig: \S+\n/.exec(output)?.[1];
        if (url !== undefined) {
          resolve(url);
        }
      };
      child.stdout.on('data', onData);
      child.stderr.on('data', onData);
      void ended.then(() => reject(new Error(output)));
    });
    ready.catch(() => undefined);
    return { child, ready, ended, output: () => output };
  };
  const answers = (url: string) => new Promise<boolean>((resolve) => {
    request(`${url}/version`, { agent: new Agent(), rejectUnauthorized: false }, (response) => {
      response.resume();
      resolve(true);
    }).on('error', () => resolve(false)).end();
  });
  const leftBehind = () => readdir(folder).then((names) => names.filter((name) => name.startsWith('embedded-')));

  test('it writes a kubeconfig for its owner alone, and leaves nothing when it is stopped', async () => {
    const file = path.join(folder, 'kubeconfig');
    const cluster = start(['--write-kubeconfig', file]);
    const url = await cluster.ready;
    assert.ok(await answers(url));
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    const text = await readFile(file, 'utf8');
    const { contexts } = JSON.parse(text.slice(text.indexOf('\n'))) as { contexts: { name: string }[] };
    assert.deepEqual(contexts.map(({ name }) => name), ['admin', 'editor', 'viewer', 'exec', 'token']);
    cluster.child.kill('SIGTERM');
    assert.equal(await cluster.ended, 0);
    assert.deepEqual([await answers(url), await leftBehind()], [false, []]);
    const again = start(['--write-kubeconfig', file]);
    await again.ready;
    again.child.kill('SIGINT');
    assert.equal(await again.ended, 0, 'its own file may be overwritten');
  });

  test('it does not overwrite a file of somebody else', async () => {
    const file = path.join(folder, 'precious');
    await writeFile(file, 'apiVersion: v1\nkind: Config\n');
    const cluster = start(['--write-kubeconfig', file]);
    assert.equal(await cluster.ended, 1);
    assert.match(cluster.output(), /"\S+precious" exists and was not written by the embedded cluster\. Name another file or remove it\./);
    assert.deepEqual([await readFile(file, 'utf8'), await leftBehind()], ['apiVersion: v1\nkind: Config\n', []]);
  });

  test('it explains wrong options', async () => {
    const cluster = start(['--api', 'imaginary']);
    assert.equal(await cluster.ended, 1);
    assert.match(cluster.output(), /--api takes own or real\./);
  });

  test('the real server does not outlive it, even when it is killed', { skip: whyNoRealApi() ?? false }, async () => {
    const cluster = start(['--api', 'real']);
    const url = await cluster.ready;
    assert.ok(await answers(url));
    cluster.child.kill('SIGKILL');
    await cluster.ended;
    const deadlineMs = Date.now() + 20_000;
    // etcd's folder goes with etcd; the small one with the token is what a killed process cannot remove.
    while ((await answers(url) || (await leftBehind()).some((name) => name.startsWith('embedded-kube'))) && Date.now() < deadlineMs) {
      await sleep(systemClock, 100);
    }
    assert.equal(await answers(url), false);
    assert.deepEqual((await leftBehind()).filter((name) => name.startsWith('embedded-kube')), []);
  });
});

/** The command `npm run platform`, which knows nothing of a cluster but its kubeconfig. */
test('the platform is installed into a cluster by its kubeconfig alone, works there, and ends in order', async () => {
  const cluster = await startCluster({ world: 'empty', platform: false });
  const child = spawn(process.execPath, ['--import', 'tsx', path.join(root, 'test/cluster/platform/main.ts'), '--kubeconfig', cluster.kubeconfigs.admin], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => { output += chunk.toString(); });
  child.stderr.on('data', (chunk: Buffer) => { output += chunk.toString(); });
  try {
    await until(() => output.includes('The platform runs.') || child.exitCode !== null, () => `the platform: ${output}`);
    await cluster.admin.do('POST', '/apis/storage.k8s.io/v1/storageclasses', { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: 'fast' }, provisioner: 'example.test', volumeBindingMode: 'Immediate' });
    const disks = '/apis/virtualization.deckhouse.io/v1alpha2/namespaces/default/virtualdisks';
    const disk = (name: string) => ({ apiVersion: 'virtualization.deckhouse.io/v1alpha2', kind: 'VirtualDisk', metadata: { name }, spec: { persistentVolumeClaim: { size: '1Gi', storageClassName: 'fast' } } });
    await until(async () => (await cluster.admin.ask('POST', disks, { body: disk('data') })).code === 201, () => `the disk: ${output}`);
    assert.equal((await cluster.admin.ask('POST', disks, { body: disk('with.dot') })).code, 403, 'its admission judges');
    await until(async () => (await cluster.admin.do('GET', `${disks}/data`) as { status?: { phase?: string } }).status?.phase === 'Ready', () => `the disk to be ready: ${output}`);
    child.kill('SIGINT');
    assert.equal(await ended, 0, output);
  } finally {
    child.kill('SIGKILL');
    await cluster.stop();
  }
});
