import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import { entriesIn, hostEntry, withEntry, withoutEntry } from '../../../src/domain/sshConfig';
import { hostKeyAlias, hostName, remotePathProblem, userProblem } from '../../../src/domain/sshLogin';
import type { SshMachine } from '../../../src/domain/sshLogin';
import { configValue, fromPlainWord, plainWord, quotedPath, scpSource, sftpWord } from '../../../src/domain/sshWords';

const machine: SshMachine = { context: 'prod', namespace: 'billing', name: 'web-01', uid: '1f2e' };
const host = hostName(machine);
const entry = hostEntry(machine, { user: 'cloud', key: '/home/me/my keys/id_ed25519' }, `'/home/me/a b/dvp-tunnel' --context prod`);

test('a machine has one name for each context, and its key belongs to its uid', () => {
  assert.equal(host, 'web-01.billing.prod.dvp');
  const names = ['prod', 'Prod', 'prod ', 'кластер', 'a b', 'a_b', 'a-b', '-', ''].map((context) => hostName({ ...machine, context }));
  assert.equal(new Set(names).size, names.length);
  assert.ok(names.every((name) => /^[a-z0-9.-]+$/.test(name)), names.join(' '));
  assert.notEqual(hostKeyAlias(machine), hostKeyAlias({ ...machine, uid: 'other' }));
});

test('users and paths that a program would take for something else are refused', () => {
  for (const user of ['cloud', 'root', 'DOMAIN\\me', 'a.b-c_d', '_x', 'host$']) {
    assert.equal(userProblem(user), undefined, user);
  }
  for (const user of ['', '-oProxyCommand=id', 'a b', 'a@b', 'a:b', '$(id)', 'a;b', 'a\nb', '`id`', 'é']) {
    assert.ok(userProblem(user), user);
  }
  for (const path of ['.', '~/a b', '/var/log/сис.log', 'a\'b"c$(id)']) {
    assert.equal(remotePathProblem(path), undefined, path);
  }
  for (const path of ['', ' ', '-r', 'a\nrm b', 'a\0b']) {
    assert.ok(remotePathProblem(path), path);
  }
});

test('any text survives as a plain word, and no shell sees anything in it', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
    const word = plainWord(text);
    assert.match(word, /^[A-Za-z0-9_@./:,+=-]*$/);
    assert.equal(fromPlainWord(word), text);
  }));
  assert.equal(plainWord('prod/admin@cluster'), 'prod/admin@cluster');
  assert.equal(plainWord('a b;$(id)%h'), 'a=20b=3b=24=28id=29=25h');
});

test('quoted paths come through a shell as they are', { skip: process.platform === 'win32' ? 'needs a POSIX shell' : false }, () => {
  for (const path of ['/a b/c', '/it\'s', '/$(id)/`id`/"x"', '/a\\b', '/a;b&c|d>e']) {
    const line = `printf %s ${quotedPath(path, 'linux').replaceAll('%%', '%')}`;
    assert.equal(execFileSync('/bin/sh', ['-c', line], { encoding: 'utf8' }), path);
  }
  assert.equal(quotedPath('/100%h', 'linux'), '\'/100%%h\'');
  assert.equal(quotedPath('C:\\a b\\x.cmd', 'win32'), '"C:\\a b\\x.cmd"');
  assert.equal(configValue('/my "keys"/50%\\x'), '"/my \\"keys\\"/50%%\\\\x"');
  assert.equal(sftpWord('/a "b"*[1]?\\'), '"/a \\"b\\"\\*\\[1\\]\\?\\\\"');
  assert.equal(scpSource('/a b/[1]*'), '/a b/\\[1\\]\\*');
});

test('an entry is put at the top, and what stood there stays for all hosts', () => {
  const before = 'ServerAliveInterval 5\n\nHost other\n  User me\n';
  const text = withEntry(before, host, entry);
  assert.equal(text, `${entry}\n\n${before}`);
  assert.match(entry, /\nHost \*\n# END/);
  assert.equal(withEntry(text, host, entry), text);
  assert.equal(withoutEntry(text, host), before);
  assert.equal(withoutEntry(withEntry('', host, entry), host), '');
  assert.deepEqual(entriesIn(text), [host]);
});

test('an entry is replaced where it stands, among others and with Windows line breaks', () => {
  const other = { ...machine, name: 'web-01.billing' };
  const two = withEntry(withEntry('Host a\r\n', host, entry), hostName(other), hostEntry(other, { user: 'x' }, 'p'));
  assert.deepEqual(entriesIn(two), [hostName(other), host]);
  const changed = withEntry(two, host, hostEntry(machine, { user: 'root' }, 'p'));
  assert.deepEqual(entriesIn(changed), [hostName(other), host]);
  assert.ok(changed.includes('  User root\r\n') && !changed.includes('  User cloud'));
  assert.doesNotMatch(changed, /[^\r]\n/);
  assert.equal(withoutEntry(withoutEntry(changed, host), hostName(other)), 'Host a\r\n');
});

test('what was changed between the markers goes with them, what stands around stays', () => {
  fc.assert(fc.property(fc.array(fc.constantFrom('Host a', '  User b', '', '# c', '\tPort 1'), { maxLength: 8 }), (lines) => {
    const before = lines.map((line) => `${line}\n`).join('');
    assert.equal(withoutEntry(withEntry(before, host, entry), host), before);
  }));
});

test('broken markers are left alone and told', () => {
  const whole = withEntry('Host a\n', host, entry);
  for (const broken of [
    whole.replace(`# END Deckhouse Virtualization: ${host}`, ''), whole.replace(`# BEGIN Deckhouse Virtualization: ${host}`, ''),
    whole + entry, `# END Deckhouse Virtualization: ${host}\n# BEGIN Deckhouse Virtualization: ${host}\n`,
  ]) {
    assert.throws(() => withEntry(broken, host, entry), /markers around/);
    assert.throws(() => withoutEntry(broken, host), /markers around/);
  }
});
