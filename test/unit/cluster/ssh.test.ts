import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { ContextRef } from '../../../src/cluster/kubeConfig';
import { readConfig, replaceConfig } from '../../../src/cluster/configFile';
import { installHelper, proxyCommand } from '../../../src/cluster/sshHelper';

const posix = process.platform === 'win32' ? 'needs POSIX rights' : false;

describe('files of ssh', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'dvp-ssh-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const modeOf = async (file: string) => (await stat(file)).mode & 0o777;

  test('a configuration is made for its owner only, and keeps its rights and links', { skip: posix }, async () => {
    const file = path.join(folder, '.ssh', 'config');
    assert.equal(await readConfig(file), '');
    assert.equal(await replaceConfig(file, '', 'one'), true);
    assert.deepEqual([await modeOf(file), await modeOf(path.dirname(file))], [0o600, 0o700]);
    await chmod(file, 0o644);
    assert.equal(await replaceConfig(file, 'one', 'two'), true);
    assert.equal(await modeOf(file), 0o644);
    const link = path.join(folder, 'link');
    await symlink(file, link);
    assert.equal(await replaceConfig(link, 'two', 'three'), true);
    assert.deepEqual([await readlink(link), await readConfig(file)], [file, 'three']);
    assert.deepEqual(await readdir(path.dirname(file)), ['config']);
  });

  test('what somebody else wrote meanwhile is not lost', async () => {
    const file = path.join(folder, 'other');
    await writeFile(file, 'theirs');
    assert.equal(await replaceConfig(file, 'what was seen', 'ours'), false);
    assert.equal(await readConfig(file), 'theirs');
    assert.ok(!(await readdir(folder)).some((name) => name.endsWith('.dvp')));
  });

  test('the launcher starts the program wherever it lies, and says so when the editor is gone', { skip: posix }, async () => {
    const source = path.join(folder, 'shipped.cjs');
    await writeFile(source, 'console.log(JSON.stringify([process.argv.slice(2), process.env.ELECTRON_RUN_AS_NODE]))');
    const options = { source, folder: path.join(folder, 'it\'s $(here) "now"'), execPath: process.execPath, platform: process.platform, plugins: { policy: 'ask', allowed: ['a'] } };
    const { launcher } = await installHelper(options);
    const hostile = ['a b', '$(id)', '"; id', '%h'];
    assert.deepEqual(JSON.parse(execFileSync(launcher, hostile, { encoding: 'utf8' })), [hostile, '1']);
    assert.deepEqual(JSON.parse(await readFile(path.join(options.folder, 'plugins.json'), 'utf8')), options.plugins);
    assert.equal(await modeOf(launcher), 0o700);
    const before = await stat(launcher, { bigint: true });
    await installHelper(options);
    assert.equal((await stat(launcher, { bigint: true })).ino, before.ino, 'the same is not written again');

    await installHelper({ ...options, execPath: '/gone/editor' });
    assert.match(execFileSync('/bin/sh', ['-c', 'PATH=/nowhere "$0" 2>&1; true', launcher], { encoding: 'utf8' }), /The editor is not where it was/);
  });

  test('the proxy command runs as one command line of a shell, whatever names say', { skip: posix }, async () => {
    const source = path.join(folder, 'show.cjs');
    await writeFile(source, 'console.log(JSON.stringify(process.argv.slice(2)))');
    const helper = await installHelper({ source, folder: path.join(folder, 'a b\'c'), execPath: process.execPath, platform: process.platform, plugins: { policy: 'ask', allowed: [] } });
    const context = { id: 'x (b)', name: '$(touch hacked); `id` "\' %h', file: '/b file' } as ContextRef;
    const command = proxyCommand(helper, process.platform, { context, sources: [{ files: ['/a', '/b file'] }], namespace: 'n', name: 'm', uid: 'u', allowed: ['d1'] });
    const words = JSON.parse(execFileSync('/bin/sh', ['-c', `exec ${command.replaceAll('%%', '%')}`], { encoding: 'utf8', cwd: folder })) as string[];
    assert.deepEqual(words.slice(0, 3), ['connect', '--kubeconfig', `/b=20file${path.delimiter}/a`]);
    assert.deepEqual(words.slice(-6), ['--machine', 'm', '--uid', 'u', '--allow', 'd1']);
    assert.ok(!(await readdir(folder)).includes('hacked'));
    const first = proxyCommand(helper, process.platform, { context: { ...context, id: context.name }, sources: [{ files: ['/a', '/b file'] }], namespace: 'n', name: 'm', uid: 'u', allowed: [] });
    assert.ok(first.includes(`--kubeconfig /a${path.delimiter}/b=20file`));
  });
});
