import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { buildCheck } from '../../../scripts/buildCheck';
import type { Finding } from '../../../src/cli/check';
import type { Cluster } from '../../cluster/start';
import { startCluster } from '../../cluster/start';

const machine = (fields: string) => `apiVersion: virtualization.deckhouse.io/v1alpha2
kind: VirtualMachine
metadata: {name: web}
spec:
  virtualMachineClassName: nobody
  cpu: {cores: 1, coreFraction: 100%}
  memory: {size: 1Gi}
  blockDeviceRefs: [{kind: VirtualDisk, name: nowhere}]
${fields}`;

describe('the program as it is built', () => {
  let folder: string;
  let program: string;
  let cluster: Cluster;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'dvp-cli-'));
    // Away from the sources, so that it cannot read anything beside it.
    program = path.join(folder, 'dvp-check.cjs');
    await buildCheck(program);
    cluster = await startCluster({ world: 'empty', platform: false });
  });
  after(async () => {
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  });

  async function run(argv: readonly string[], { input = '', node = process.execPath, env = {} } = {}) {
    const child = spawn(node, [program, ...argv], { env: { PATH: process.env.PATH, HOME: folder, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
    let out = '';
    let errors = '';
    child.stdout.on('data', (bytes: Buffer) => { out += bytes.toString(); });
    child.stderr.on('data', (bytes: Buffer) => { errors += bytes.toString(); });
    child.stdin.end(input);
    const code = await new Promise((resolve) => child.once('close', resolve));
    return { code, out, errors };
  }

  test('judges standard input without anything beside it', async () => {
    const { code, out, errors } = await run(['--format', 'json', '-'], { input: machine('  coreFraction: 1\n') });
    assert.equal(code, 1, errors);
    const findings = JSON.parse(out) as readonly Finding[];
    assert.deepEqual(findings.filter(({ severity }) => severity === 'error').map(({ file, code: found, path: at }) => [file, found, at]), [['-', 'schema/unknown-field', 'spec.coreFraction']]);
  });

  test('runs on the oldest Node that is promised', { skip: existsSync('/usr/bin/node') ? false : 'there is no other Node' }, async () => {
    const { code, errors } = await run(['-'], { input: machine(''), node: '/usr/bin/node' });
    assert.equal(code, 0, errors);
  });

  test('asks the cluster of a context, and says when it cannot', async () => {
    const env = { KUBECONFIG: cluster.kubeconfigs.admin };
    const context = /current-context:?"?:? *"?([\w-]+)/.exec(await readFile(cluster.kubeconfigs.admin, 'utf8'))?.[1] ?? '';
    const { out, errors } = await run(['--format', 'json', '--context', context, '-'], { input: machine(''), env });
    assert.match(out, /reference\/missing-object/, errors);
    const wrong = await run(['--context', 'elsewhere', '-'], { input: machine(''), env });
    assert.equal(wrong.code, 2);
    assert.match(wrong.errors, /no context "elsewhere": there are/);
  });

  test('does not wait for what this user may not see', async () => {
    const env = { KUBECONFIG: cluster.kubeconfigs.viewer };
    const context = /current-context:?"?:? *"?([\w-]+)/.exec(await readFile(cluster.kubeconfigs.viewer, 'utf8'))?.[1] ?? '';
    const startMs = performance.now();
    const { out, errors } = await run(['--format', 'json', '--context', context, '-'], { input: machine(''), env });
    // Of classes nothing is known, of disks in the namespace everything.
    assert.deepEqual((JSON.parse(out) as readonly Finding[]).map(({ code, path: at }) => [code, at]), [['reference/missing-object', 'spec.blockDeviceRefs[0].name']], errors);
    assert.ok(performance.now() - startMs < 15_000, `it took ${Math.round(performance.now() - startMs)} ms`);
  });
});
