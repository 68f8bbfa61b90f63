import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findProgram, invocation } from '../../../src/cluster/program';

const among = (...files: readonly string[]) => (file: string) => Promise.resolve(files.includes(file));

test('F34: on Windows a program is found by its endings in any case of PATH, and what has none is a script for another system', async () => {
  const env = { Path: 'relative;C:\\Program Files\\tools;D:\\bin', PATHEXT: '.COM;.EXE;.BAT;.CMD;.JS' };
  const find = (command: string, ...files: readonly string[]) => findProgram(command, env, 'win32', among(...files));
  assert.equal(await find('login', 'relative\\login.EXE', 'C:\\Program Files\\tools\\login', 'D:\\bin\\login.CMD'), 'D:\\bin\\login.CMD');
  assert.equal(await find('login.exe', 'C:\\Program Files\\tools\\login.exe'), 'C:\\Program Files\\tools\\login.exe');
  assert.equal(await find('login', 'D:\\bin\\login.JS'), undefined, 'what needs an interpreter is no program');
  assert.equal(await find('C:\\own\\login.cmd', 'C:\\own\\login.cmd'), 'C:\\own\\login.cmd');
  assert.equal(await findProgram('login', { PATH: 'C:\\x' }, 'win32', among('C:\\x\\login.EXE')), 'C:\\x\\login.EXE');
});

test('F34: elsewhere a program is found by its name alone', async () => {
  const find = (command: string, ...files: readonly string[]) => findProgram(command, { PATH: 'bin:/usr/local/my bin:/bin', Path: '/no' }, 'darwin', among(...files));
  assert.equal(await find('login', 'bin/login', '/usr/local/my bin/login', '/bin/login'), '/usr/local/my bin/login');
  assert.equal(await find('login', '/no/login', '/bin/login.exe'), undefined);
});

test('F34: arguments arrive as they are; only batch files of Windows go through cmd.exe, which may make nothing of them', () => {
  assert.deepEqual(invocation('/bin/login', ['$(id)', 'a b'], 'linux'), { program: '/bin/login', line: ['$(id)', 'a b'], isVerbatim: false });
  assert.deepEqual(invocation('C:\\login.exe', ['%PATH%'], 'win32'), { program: 'C:\\login.exe', line: ['%PATH%'], isVerbatim: false });
  assert.deepEqual(invocation('/opt/login.cmd', ['x'], 'linux').program, '/opt/login.cmd');
  const { program, line, isVerbatim } = invocation('C:\\Program Files\\login.CMD', ['a b', '" & calc & "', '%PATH%', 'ends\\'], 'win32');
  assert.deepEqual([program, line.slice(0, -1), isVerbatim], ['cmd.exe', ['/d', '/e:on', '/v:off', '/s', '/c'], true]);
  assert.equal(line.at(-1), '""C:\\Program Files\\login.CMD" "a b" """ & calc & """ "%%cd:~,%PATH%%cd:~,%" "ends\\\\""');
  assert.throws(() => invocation('C:\\login.bat', ['one\ntwo'], 'win32'), /several lines/);
});
