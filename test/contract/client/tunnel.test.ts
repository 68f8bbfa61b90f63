import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { buildTunnel } from '../../../scripts/buildTunnel';
import { programDigest } from '../../../src/cluster/programDigest';
import { plainWord } from '../../../src/domain/sshWords';
import { hashOfPattern, pattern, source, startPortServer } from './portServer';
import type { PortServer } from './portServer';
import { sshServer } from './sshServer';
import { until } from '../../until';

describe('the program through which ssh reaches machines', () => {
  let folder: string;
  let program: string;
  let server: PortServer;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'dvp tunnel-'));
    // Away from the sources, so that it cannot read anything beside it.
    program = path.join(folder, 'dvp-tunnel.cjs');
    await buildTunnel(program);
    server = await startPortServer();
  });
  afterEach(async () => {
    server.refusal = undefined;
    await until(() => server.sockets.size === 0, 'every stream is closed');
  });
  after(async () => {
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const wordsFor = (port: number, change: Readonly<Record<string, string>> = {}) => Object.entries({ kubeconfig: server.kubeconfig, context: 'my site', namespace: 'billing', machine: 'web-01', port: String(port), ...change })
    .flatMap(([name, value]) => [`--${name}`, plainWord(value)]);

  function start(args: readonly string[], { home = folder } = {}) {
    const child = spawn(process.execPath, [program, 'connect', ...args], { env: { PATH: process.env['PATH'], HOME: home, SHELL: '/bin/sh' }, stdio: ['pipe', 'pipe', 'pipe'] });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => { errors += chunk.toString(); });
    child.stdin.on('error', () => undefined);
    const ended = once(child, 'close').then(([code]) => ({ code: code as number, errors }));
    return { child, ended };
  }

  test('carries standard input and output as they are, and ends with either side', async () => {
    const { child, ended } = start(wordsFor(7));
    const sent = pattern(0, 2_000_000);
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stdin.write(sent);
    await until(() => chunks.reduce((sum, { length }) => sum + length, 0) === sent.length, 'the echo');
    assert.ok(Buffer.concat(chunks).equals(sent));
    server.sockets.forEach((socket) => socket.close(1000));
    child.stdin.end();
    assert.deepEqual(await ended, { code: 0, errors: '' });

    const second = start(wordsFor(7));
    second.child.stdin.write('x');
    await once(second.child.stdout, 'data');
    second.child.kill();
    await second.ended;
  });

  test('everything the machine said is written before the end, to a slow reader too', async () => {
    server.ports.set('19/tcp', source(20_000_000));
    const { child, ended } = start(wordsFor(19));
    const hash = createHash('sha256');
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      hash.update(chunk);
    }
    child.stdin.end();
    assert.equal((await ended).code, 0);
    assert.equal(hash.digest('hex'), hashOfPattern(20_000_000));
  });

  test('says in a sentence why it cannot, and no secret in any of them', async () => {
    const canary = server.token;
    const cases: readonly (readonly [string[], { code: number; message: string } | undefined, RegExp])[] = [
      [wordsFor(22), undefined, /Port 22 of "web-01" in "billing" cannot be reached: dialing VM: connection refused\ndvp: Check that the machine runs and that a server listens/],
      [wordsFor(22), { code: 500, message: 'VirtualMachine is not Running or Migrating' }, /not Running or Migrating/],
      [wordsFor(22), { code: 400, message: 'A simulated guest has no network: no port can be reached.' }, /simulated guest/],
      [wordsFor(22), { code: 403, message: 'virtualmachines "web-01" is forbidden: User "me" cannot get resource' }, /forbidden.*\n.*administrator/],
      [wordsFor(22), { code: 401, message: 'Unauthorized' }, /did not accept the credentials/],
      [wordsFor(22, { context: 'other' }), undefined, /The context "other" is not in .*my kubeconfig/],
      [['--context', 'a'], undefined, /"--kubeconfig" is missing|"--namespace" is missing/],
    ];
    for (const [args, refusal, expected] of cases) {
      server.refusal = refusal && { code: refusal.code, body: JSON.stringify({ kind: 'Status', message: refusal.message, code: refusal.code }) };
      const { child, ended } = start(args);
      child.stdout.resume();
      const { code, errors } = await ended;
      assert.equal(code, 1);
      assert.match(errors, expected);
      assert.ok(!errors.includes(canary));
    }
    assert.ok(wordsFor(22).every((word) => !word.includes(canary)));
  });

  test('a program for credentials runs only when the user has allowed it in the editor or in kuberc', { skip: process.platform === 'win32' ? 'the program is a shell script' : false }, async () => {
    const plugin = path.join(folder, 'plugin');
    await writeFile(plugin, `#!/bin/sh\nprintf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"%s"}}' ${server.token}\n`);
    await chmod(plugin, 0o700);
    const kubeconfig = path.join(folder, 'exec.kubeconfig');
    const config = JSON.parse(await readFile(server.kubeconfig, 'utf8')) as { users: unknown[] };
    config.users = [{ name: 'user', user: { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: plugin, interactiveMode: 'Never' } } }];
    await writeFile(kubeconfig, JSON.stringify(config));
    const words = wordsFor(7, { kubeconfig });
    const home = await mkdtemp(path.join(folder, 'home-'));
    const works = async (args = words) => {
      const { child, ended } = start(args, { home });
      child.stdin.write('x');
      const isEchoed = await Promise.race([once(child.stdout, 'data').then(() => true), ended.then(() => false)]);
      child.kill();
      const { errors } = await ended;
      assert.ok(isEchoed || /allow the program there/.test(errors), errors);
      return isEchoed;
    };
    const decide = (policy: string, allowed: readonly string[]) => writeFile(path.join(folder, 'plugins.json'), JSON.stringify({ policy, allowed }));
    assert.equal(await works(), false, 'nobody has decided');
    assert.equal(await works([...words, '--allow', programDigest(plugin, [])]), true, 'allowed until restart');
    await decide('ask', [programDigest(plugin, ['other'])]);
    assert.equal(await works(), false, 'other arguments');
    await decide('ask', [programDigest(plugin, [])]);
    assert.equal(await works(), true, 'allowed');
    await decide('deny', [programDigest(plugin, [])]);
    assert.equal(await works(), false, 'denied');
    await writeFile(path.join(folder, 'plugins.json'), '{');
    assert.equal(await works(), false, 'not understood');
    await rm(path.join(folder, 'plugins.json'));
  });

  test('ssh runs a command and scp copies a file through it, under one name for each machine', async (context) => {
    const ssh = await sshServer(folder);
    if ('skip' in ssh) {
      context.skip(ssh.skip);
      return;
    }
    try {
      server.ports.set('22/tcp', (stream) => {
        const inner = connect(ssh.port, '127.0.0.1');
        inner.on('data', (chunk) => stream.send(chunk, { binary: true })).on('end', () => stream.close(1000)).on('error', () => stream.terminate());
        stream.on('message', (data: Buffer) => inner.write(data)).on('close', () => inner.destroy());
      });
      const proxy = [process.execPath, program].map((file) => `'${file}'`).join(' ');
      const options = [
        `ProxyCommand=${proxy} connect ${wordsFor(22).join(' ')}`, 'HostKeyAlias=dvp-1f2e', `UserKnownHostsFile=${path.join(folder, 'known_hosts').replaceAll(' ', '\\ ')}`,
        'GlobalKnownHostsFile=/dev/null', 'StrictHostKeyChecking=accept-new', 'IdentitiesOnly=yes', 'BatchMode=yes', `IdentityFile="${ssh.key}"`,
      ].flatMap((option) => ['-o', option]);
      const run = async (file: string, args: readonly string[]) => {
        const child = spawn(file, ['-F', '/dev/null', ...options, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env['PATH'], HOME: folder } });
        let output = '';
        child.stdout.on('data', (chunk: Buffer) => { output += chunk.toString(); });
        child.stderr.on('data', (chunk: Buffer) => { output += chunk.toString(); });
        const [code] = await once(child, 'close') as [number];
        return { code, output };
      };
      const said = await run('ssh', ['-l', ssh.user, 'web-01.billing.dvp', 'echo', 'hello from inside']);
      assert.match(said.output, /hello from inside/);
      assert.match(await readFile(path.join(folder, 'known_hosts'), 'utf8'), /^dvp-1f2e /m);
      const [from, to] = [path.join(folder, 'a file'), path.join(folder, 'copied [1]')];
      await writeFile(from, pattern(0, 3_000_000));
      const copied = await run('scp', [from, `${ssh.user}@web-01.billing.dvp:${to}`]);
      assert.equal(copied.code, 0, copied.output);
      assert.ok((await readFile(to)).equals(pattern(0, 3_000_000)));
      const wrong = await run('ssh', ['-o', 'IdentityFile=none', '-l', ssh.user, 'web-01.billing.dvp', 'true']);
      assert.equal(wrong.code, 0, 'the first IdentityFile counts');
    } finally {
      await ssh.stop();
    }
  });
});
