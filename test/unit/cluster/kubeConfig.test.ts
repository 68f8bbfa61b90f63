import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { kubeConfigSources, loadKubeConfig } from '../../../src/cluster/kubeConfig';
import type { KubeConfigSource } from '../../../src/cluster/kubeConfig';

describe('kubeconfigs', () => {
  let home = '';
  before(async () => {
    home = await mkdtemp(path.join(tmpdir(), 'kubeconfig-test-'));
  });
  after(() => rm(home, { recursive: true, force: true }));

  const write = async (name: string, text: string) => {
    const file = path.join(home, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
    return file;
  };
  const config = (parts: { current?: string; clusters?: Record<string, object>; users?: Record<string, object>; contexts?: Record<string, object> }) => JSON.stringify({
    apiVersion: 'v1', kind: 'Config', 'current-context': parts.current,
    clusters: Object.entries(parts.clusters ?? {}).map(([name, cluster]) => ({ name, cluster })),
    users: Object.entries(parts.users ?? {}).map(([name, user]) => ({ name, user })),
    contexts: Object.entries(parts.contexts ?? {}).map(([name, context]) => ({ name, context })),
  });
  const load = (...files: string[]) => loadKubeConfig([{ files }]);
  /** The messages of what is wrong; each must come with what to do. */
  const problemsOf = async (...files: string[]) => {
    const { problems } = await load(...files);
    problems.forEach(({ hint, reason }) => assert.ok(hint && reason === 'configuration'));
    return problems.map(({ message }) => message);
  };

  test('a context says whether its user signs in with a program', async () => {
    const file = await write('programs', config({
      clusters: { c: { server: 'https://c:6443' } }, users: { plain: { token: 'x' }, cloud: { exec: { command: 'sign-in', apiVersion: 'client.authentication.k8s.io/v1' } } },
      contexts: { a: { cluster: 'c', user: 'plain' }, b: { cluster: 'c', user: 'cloud' }, d: { cluster: 'c' } },
    }));
    const { contexts } = await load(file);
    assert.deepEqual(contexts.map(({ name, runsProgram }) => `${name} ${runsProgram}`), ['a false', 'b true', 'd false']);
  });

  test('several files are merged as kubectl does: the first of equal names wins', async () => {
    const first = await write('one', config({ current: 'both', clusters: { c: { server: 'https://first:6443' } }, contexts: { both: { cluster: 'c', user: 'u', namespace: 'team' } } }));
    const second = await write('two', config({ current: 'other', clusters: { c: { server: 'https://second:6443' } }, users: { u: { token: 'x' } }, contexts: { other: { cluster: 'c', user: 'u' } } }));
    const { contexts, problems } = await load(first, second);
    assert.deepEqual(problems, []);
    assert.deepEqual(contexts.map(({ id, server, namespace, isCurrent, userFile }) => ({ id, server, namespace, isCurrent, userFile })), [
      { id: 'both', server: 'https://first:6443', namespace: 'team', isCurrent: true, userFile: second },
      { id: 'other', server: 'https://first:6443', namespace: 'default', isCurrent: false, userFile: second },
    ]);
  });

  test('contexts of equal names are kept apart, each with the entries of its own file', async () => {
    const files = await Promise.all(['a', 'b'].map((name) => write(`same/${name}`, config({ clusters: { default: { server: `https://${name}` } }, users: { default: {} }, contexts: { default: { cluster: 'default', user: 'default' } } }))));
    const { contexts } = await load(...files);
    assert.deepEqual(contexts.map(({ id, name, server, hasNamesake }) => ({ id, name, server, hasNamesake })), [
      { id: 'default', name: 'default', server: 'https://a', hasNamesake: true },
      { id: `default (${files[1]})`, name: 'default', server: 'https://b', hasNamesake: true },
    ]);
    const apart = await loadKubeConfig(files.map((file) => ({ files: [file] })));
    assert.deepEqual(apart.contexts.map(({ id }) => id), contexts.map(({ id }) => id));
  });

  for (const [name, text, message] of [
    ['empty', ' \n', /is empty/], ['not YAML', 'a: b: c:\n  - [', /not valid YAML: see line \d/], ['a tab', 'clusters:\n\t- x', /not valid YAML/],
    ['a list', '- 1', /is not a kubeconfig/], ['text', 'hello', /is not a kubeconfig/], ['no lists', '{clusters: {}, contexts: 5}', /"clusters".*is not a list/],
    ['nameless entries', '{clusters: [{cluster: {}}], contexts: [7]}', /Entry 1 of "clusters"/],
    ['unknown current context', '{current-context: gone}', /current context "gone".*does not exist/],
  ] as const) {
    test(`a kubeconfig with ${name} is told and nothing is thrown`, async () => {
      const [first] = await problemsOf(await write(`bad/${name}`, text));
      assert.match(first ?? '', message);
    });
  }

  test('a file that is missing, a folder, one without rights; the others are read all the same', async (context) => {
    const good = await write('good', config({ clusters: { c: { server: 'https://c' } }, contexts: { c: { cluster: 'c' } } }));
    const messages = await problemsOf(path.join(home, 'nowhere', 'config'), home, good);
    assert.match(messages[0] ?? '', /There is no kubeconfig at/);
    assert.match(messages[1] ?? '', /is a folder/);
    assert.equal((await load(path.join(home, 'gone'), good)).contexts.length, 1);
    if (process.getuid?.() === 0) {
      context.diagnostic('root may read everything: a file without rights was left out');
      return;
    }
    await chmod(good, 0);
    assert.match((await problemsOf(good))[0] ?? '', /may not read/);
  });

  test('contexts that lead nowhere stay, with the reason', async () => {
    const { contexts } = await load(await write('nowhere', config({
      clusters: { c: { server: 'https://c' }, none: {}, wrong: { server: 'ftp://c' } }, users: { u: {} },
      contexts: { 'no-cluster': {}, 'gone-cluster': { cluster: 'x' }, 'no-server': { cluster: 'none' }, 'wrong-server': { cluster: 'wrong' }, 'gone-user': { cluster: 'c', user: 'x' }, fine: { cluster: 'c', user: 'u' }, anonymous: { cluster: 'c' } },
    })));
    assert.deepEqual(contexts.map(({ name, problem }) => [name, /names no|does not exist|no valid/.test(problem?.message ?? '')]), [
      ['no-cluster', true], ['gone-cluster', true], ['no-server', true], ['wrong-server', true], ['gone-user', true], ['fine', false], ['anonymous', false],
    ]);
  });

  test('F41: what is made to hang or fill the memory does neither', async () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'.split('').map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[index] ?? ''}`).join(',')}]`).join('\n')}`;
    assert.match((await problemsOf(await write('bomb', bomb)))[0] ?? '', /not valid YAML/);
    assert.match((await problemsOf(await write('cycle', 'clusters: &a [*a]')))[0] ?? '', /not valid YAML|no "name"/);
    assert.match((await problemsOf(await write('huge', `# ${'x'.repeat(17 * 1024 * 1024)}`)))[0] ?? '', /too large/);
    const crlf = await load(await write('crlf', '\uFEFFclusters:\r\n- name: c\r\n  cluster: {server: https://c}\r\ncontexts:\r\n- name: c\r\n  context: {cluster: c}\r\n'));
    assert.deepEqual([crlf.contexts.map(({ server }) => server), crlf.problems], [['https://c'], []]);
  });

  test('F36: neither contexts nor problems hold secrets', async () => {
    const file = await write('secret', config({ clusters: { c: { server: 'https://me:canary@c:6443/path?canary', 'certificate-authority-data': 'canary' } }, users: { u: { token: 'canary', password: 'canary', exec: { env: [{ name: 'A', value: 'canary' }] } } }, contexts: { c: { cluster: 'c', user: 'u' } } }));
    const broken = await write('secret-broken', 'users:\n- name: u\n  user:\n    token: "canary\n  canary: [');
    assert.doesNotMatch(JSON.stringify(await load(file, broken)), /canary/);
    assert.equal((await load(file)).contexts[0]?.server, 'https://c:6443/path');
  });

  test('a context is another when anything behind it is', async () => {
    const revision = async (user: object) => (await load(await write('revised', config({ clusters: { c: { server: 'https://c' } }, users: { u: user }, contexts: { c: { cluster: 'c', user: 'u' } } })))).contexts[0]?.revision;
    const before = await revision({ token: 'a' });
    assert.equal(await revision({ token: 'a' }), before);
    assert.notEqual(await revision({ token: 'b' }), before);
  });

  test('the same file in two sources is read once', async () => {
    const file = await write('once', config({ clusters: { c: { server: 'https://c' } }, contexts: { c: { cluster: 'c' } } }));
    assert.equal((await loadKubeConfig([{ files: [file, file] }, { files: [file] }])).contexts.length, 1);
  });

  test('a link is followed', async () => {
    const file = await write('linked', config({ clusters: { c: { server: 'https://c' } }, contexts: { c: { cluster: 'c' } } }));
    await symlink(file, path.join(home, 'link'));
    assert.equal((await load(path.join(home, 'link'))).contexts.length, 1);
  });

  test('where kubeconfigs are looked for', () => {
    const files = (sources: readonly KubeConfigSource[]) => sources.map((source) => source.files);
    const at = path.resolve('/home/me');
    assert.deepEqual(kubeConfigSources({ env: {}, home: at }), [{ files: [path.join(at, '.kube', 'config')], isDefault: true }]);
    assert.deepEqual(files(kubeConfigSources({ env: { KUBECONFIG: ['/a', '', '/b'].join(path.delimiter) }, home: at })), [[path.resolve('/a'), path.resolve('/b')]]);
    assert.deepEqual(files(kubeConfigSources({ env: { KUBECONFIG: '/a' }, setting: '~/mine', picked: ['/p'], home: at })), [[path.join(at, 'mine')], [path.resolve('/p')]]);
  });

  test('without any kubeconfig there is nothing and nothing is wrong', async () => {
    assert.deepEqual(await loadKubeConfig(kubeConfigSources({ env: {}, home })), { contexts: [], problems: [], brokenFiles: [] });
  });
});
