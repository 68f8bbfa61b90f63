import assert from 'node:assert/strict';
import { chmod, lstat, mkdir, mkdtemp, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { systemClock } from '../../../src/base/timing';
import { Credentials } from '../../../src/cluster/credentials';
import { ClusterError } from '../../../src/cluster/errors';
import { userEntry } from '../../../src/cluster/entries';
import { execSpecOf } from '../../../src/cluster/execPlugin';
import type { ExecPlugins } from '../../../src/cluster/execPlugin';
import { isAllowed, pluginRules } from '../../../src/cluster/kuberc';
import { loginEnvironment } from '../../../src/cluster/loginShell';
import { createAuthority } from '../../cluster/certificates';
import { TestClock } from '../../unit/cluster/testClock';
import { until } from '../../until';
import { plugins } from './site';

const v1 = 'client.authentication.k8s.io/v1';
const never = new AbortController().signal;

describe('credentials', { skip: process.platform === 'win32' && 'the plugins of these tests are shell scripts' }, () => {
  let home = '';
  let count = 0;
  const owned: ExecPlugins[] = [];
  before(async () => {
    home = await mkdtemp(path.join(tmpdir(), 'credentials-test-'));
  });
  after(async () => {
    owned.forEach((plugin) => plugin.dispose());
    await rm(home, { recursive: true, force: true });
  });

  const script = async (body: string) => {
    const file = path.join(home, `plugin${count++}`);
    await writeFile(file, `#!/bin/sh\n${body}\n`);
    await chmod(file, 0o755);
    return file;
  };
  const credential = (status: object, apiVersion = v1) => JSON.stringify({ apiVersion, kind: 'ExecCredential', status });
  const spec = (exec: object) => execSpecOf({ apiVersion: v1, interactiveMode: 'Never', ...exec }, path.join(home, 'config'), 'me');
  const plugin = (options: Parameters<typeof plugins>[0] = {}) => {
    const made = plugins(options);
    owned.push(made);
    return made;
  };
  const failure = async (promise: Promise<unknown>) => {
    const error = await promise.then(() => assert.fail('It should have failed'), (thrown: unknown) => thrown);
    assert.ok(error instanceof ClusterError && error.hint, String(error));
    return error;
  };
  const run = (exec: object, options: Parameters<typeof plugins>[0] = {}) => plugin(options).credential(spec(exec), {}, never);
  const lines = async (file: string) => (await readFile(file, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '').length;

  test('F34: a plugin gets its environment, its arguments as they are, and is told of the cluster when it asks', async () => {
    const out = path.join(home, 'told');
    const command = await script(`printf '%s\\n' "$KUBERNETES_EXEC_INFO" "$MINE" "$@" > '${out}'; echo '${credential({ token: 't' })}'`);
    const got = await plugin().credential(spec({ command, args: ['$(id)', 'a b', '; rm -rf x'], env: [{ name: 'MINE', value: 'v' }], provideClusterInfo: true, interactiveMode: 'IfAvailable' }), { server: 'https://c' }, never);
    assert.deepEqual(got, { token: 't' });
    const [info = '', ...rest] = (await readFile(out, 'utf8')).trim().split('\n');
    assert.deepEqual(JSON.parse(info), { apiVersion: v1, kind: 'ExecCredential', spec: { interactive: false, cluster: { server: 'https://c' } } });
    assert.deepEqual(rest, ['v', '$(id)', 'a b', '; rm -rf x']);
  });

  test('F34: both versions, certificates too', async () => {
    const beta = 'client.authentication.k8s.io/v1beta1';
    const command = await script(`echo '${credential({ clientCertificateData: 'C', clientKeyData: 'K' }, beta)}'`);
    assert.deepEqual(await run({ command, apiVersion: beta }), { certificate: { cert: 'C', key: 'K' } });
    assert.match((await failure(run({ command }))).message, /another version/);
    assert.throws(() => spec({ command, apiVersion: 'client.authentication.k8s.io/v1alpha1' }), /not supported/);
  });

  test('F34: a plugin that is absent, with the hint of the kubeconfig', async () => {
    const error = await failure(run({ command: 'no-such-plugin', installHint: 'Get it from the shop.' }));
    assert.match(error.message, /"no-such-plugin".*not installed/);
    assert.equal(error.hint, 'Get it from the shop.');
  });

  test('F34: a plugin that needs a terminal is not started', async () => {
    assert.match((await failure(run({ command: 'sh', interactiveMode: 'Always' }))).message, /needs a terminal/);
  });

  test('F34: a plugin that hangs is ended with all it has started', async () => {
    const pids = path.join(home, 'pids');
    const command = await script(`sleep 1000 & echo $! > '${pids}'; echo $$ >> '${pids}'; wait`);
    const clock = new TestClock();
    const running = failure(run({ command }, { clock, timeoutMs: 60_000 }));
    await until(async () => await lines(pids) === 2, 'the plugin');
    clock.advance(60_000);
    const error = await running;
    assert.equal(error.reason, 'timeout');
    assert.match(error.message, /60 seconds/);
    await gone(pids);
  });

  for (const how of ['cancelled', 'disposed'] as const) {
    test(`F34: a plugin is ended when it is ${how}`, async () => {
      const pids = path.join(home, `pids-${how}`);
      const command = await script(`echo $$ > '${pids}'; exec sleep 1000`);
      const made = plugin();
      const cancel = new AbortController();
      const running = made.credential(spec({ command }), {}, cancel.signal);
      await until(async () => await lines(pids) === 1, 'the plugin');
      if (how === 'cancelled') {
        cancel.abort(new Error('enough'));
      } else {
        made.dispose();
      }
      await assert.rejects(running);
      await gone(pids);
    });
  }
  const gone = async (file: string) => {
    const pids = (await readFile(file, 'utf8')).trim().split('\n').map(Number);
    await until(async () => (await Promise.all(pids.map(async (pid) => await readFile(`/proc/${pid}/stat`, 'utf8').then((text) => !/\) [ZX] /.test(text), () => false)))).every((isAlive) => !isAlive), 'the end of the plugin');
  };

  for (const [name, body] of [['rubbish', 'echo canary'], ['nothing', 'true'], ['half a credential', `echo '${credential({})}'`], ['another kind', 'echo \'{"kind":"Status"}\''], ['megabytes', 'yes canary | head -c 3000000']] as const) {
    test(`F34: a plugin that prints ${name}`, async () => {
      const error = await failure(run({ command: await script(body) }));
      assert.match(error.message, /no credential/);
      assert.doesNotMatch(error.message, /canary/);
    });
  }

  test('F34: a plugin that fails says why, without what looks like a secret', async () => {
    const error = await failure(run({ command: await script('echo "first" >&2; echo "Please log in: token eyJhbGciOiJSUzI1NiIsImtpZCI6Ijc4.canary" >&2; exit 3') }));
    assert.match(error.message, /failed \(3\): Please log in/);
    assert.doesNotMatch(error.message, /canary/);
  });

  test('a credential is kept until shortly before it expires, for all who ask at the same time', async () => {
    const runs = path.join(home, 'runs');
    const clock = new TestClock(Date.parse('2026-01-01T00:00:00Z'));
    const command = await script(`echo run >> '${runs}'; echo '${credential({ token: 't', expirationTimestamp: '2026-01-01T01:00:00Z' })}'`);
    const made = plugin({ clock });
    const ask = (clusterInfo = {}) => made.credential(spec({ command }), clusterInfo, never);
    const [first] = await Promise.all([ask(), ask(), ask()]);
    await ask();
    assert.equal(await lines(runs), 1);
    clock.advance(59 * 60_000);
    await ask();
    assert.equal(await lines(runs), 1);
    clock.advance(55_000);
    await ask();
    assert.equal(await lines(runs), 2);
    await ask({ server: 'another' });
    assert.equal(await lines(runs), 3);
    made.drop(first ?? {});
    await ask();
    assert.equal(await lines(runs), 4);
  });

  test('F33: nothing runs before it is allowed, and the question names the full path', async () => {
    const asked: string[][] = [];
    const mark = path.join(home, 'ran');
    const command = await script(`touch '${mark}'; echo '${credential({ token: 't' })}'`);
    const name = path.basename(command);
    const env = { PATH: home };
    const error = await failure(run({ command: name, args: ['x'] }, { env, mayRun: (...question) => { asked.push(question.flat()); return false; } }));
    assert.equal(error.reason, 'credentials');
    assert.deepEqual(asked, [[command, 'x']]);
    await assert.rejects(stat(mark));
  });

  test('F33: the user\'s kuberc decides first', async () => {
    const folder = path.join(home, 'kuberc-home');
    await mkdir(path.join(folder, '.kube'), { recursive: true });
    const find = (name: string) => Promise.resolve(name === 'known' ? '/bin/known' : undefined);
    const verdict = async (text: string | undefined, file: string, env = {}) => {
      await rm(path.join(folder, '.kube', 'kuberc'), { force: true });
      if (text !== undefined) {
        await writeFile(path.join(folder, '.kube', 'kuberc'), text);
      }
      return isAllowed(await pluginRules(env, folder), file, find);
    };
    const list = 'credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist: [{name: known}, {name: /opt/full}]';
    assert.equal(await verdict(undefined, '/bin/known'), undefined);
    assert.equal(await verdict('kind: Preference', '/bin/known'), undefined);
    assert.equal(await verdict('credentialPluginPolicy: AllowAll', '/bin/x'), true);
    assert.equal(await verdict('credentialPluginPolicy: DenyAll', '/bin/known'), false);
    assert.equal(await verdict('credentialPluginPolicy: DenyAll', '/bin/known', { KUBERC: 'off' }), undefined);
    assert.equal(await verdict(list, '/bin/known'), true);
    assert.equal(await verdict(list, '/opt/full'), true);
    assert.equal(await verdict(list, '/tmp/known'), false);
    for (const wrong of ['credentialPluginPolicy: Sometimes', 'credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist: 5', ': [', '- 1']) {
      assert.equal(await verdict(wrong, '/bin/known'), false, `${wrong} may have meant to deny`);
    }
  });

  test('F34: PATH comes from the login shell, once it answers, and from nowhere else when it hangs', async () => {
    const own = await script('echo welcome; export PATH=/from/the/shell:/usr/bin; shift; eval "$1"');
    const env = await loginEnvironment({ SHELL: own, PATH: '/usr/bin:/own', ELECTRON_RUN_AS_NODE: '1', VSCODE_PID: '1', HOME: home }, systemClock);
    assert.deepEqual(env, { SHELL: own, PATH: '/from/the/shell:/usr/bin:/own', HOME: home });
    const hanging = await script('exec sleep 1000');
    const clock = new TestClock();
    const asked = loginEnvironment({ SHELL: hanging, PATH: '/own' }, clock);
    await until(() => clock.pending === 1, 'the shell');
    clock.advance(10_000);
    assert.equal((await asked)['PATH'], '/own');
    for (const shell of ['/no/such/shell', '/impossible\0']) {
      assert.equal((await loginEnvironment({ SHELL: shell, PATH: '/own' }, systemClock))['PATH'], '/own');
    }
  });

  describe('OIDC', () => {
    const jwt = (expiresAtMs: number, name: string) => `h.${Buffer.from(JSON.stringify({ exp: expiresAtMs / 1000, name })).toString('base64url')}.s`;
    const start = async () => {
      const authority = await createAuthority();
      const { certPem, keyPem } = await authority.server(['127.0.0.1']);
      const forms: string[] = [];
      const nowMs = Date.parse('2026-01-01T00:00:00Z');
      const answers: object[] = [{ id_token: jwt(nowMs + 3_600_000, 'new'), refresh_token: 'second-refresh' }];
      const server = createServer({ cert: certPem, key: keyPem }, (request, response) => {
        request.setEncoding('utf8');
        let body = '';
        request.on('data', (chunk: string) => { body += chunk; }).on('end', () => {
          if (request.url === '/token') {
            forms.push(body);
            const answer = answers.shift();
            response.writeHead(answer ? 200 : 400).end(JSON.stringify(answer ?? { error: 'invalid_grant', secret: 'canary' }));
          } else {
            response.end(JSON.stringify({ token_endpoint: `${issuer}/token` }));
          }
        });
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const issuer = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const file = path.join(home, `oidc${count++}`);
      const entry = { 'auth-provider': { name: 'oidc', config: { 'id-token': jwt(nowMs - 1000, 'old'), 'refresh-token': 'first-refresh', 'client-id': 'me', 'client-secret': 's', 'idp-issuer-url': issuer, 'idp-certificate-authority-data': Buffer.from(authority.caPem).toString('base64') } } };
      await writeFile(file, `# my notes\nclusters: []\nusers:\n- name: me\n  user: ${JSON.stringify(entry)}\n`, { mode: 0o600 });
      const clock = new TestClock(nowMs);
      const credentials = new Credentials({ entry: await userEntry('me', entry), file, user: 'me', env: {}, clusterInfo: () => Promise.resolve({}) }, plugin(), clock);
      return { credentials, clock, file, forms, nowMs, stop: () => server.close() };
    };

    test('an expired token is renewed, and the kubeconfig keeps what came with it', async () => {
      const { credentials, clock, file, forms, nowMs, stop } = await start();
      assert.deepEqual(await credentials.current(never), { token: jwt(nowMs + 3_600_000, 'new') });
      await credentials.current(never);
      assert.equal(forms.length, 1);
      assert.equal(new URLSearchParams(forms[0]).get('refresh_token'), 'first-refresh');
      const text = await readFile(file, 'utf8');
      assert.match(text, /^# my notes/);
      assert.match(text, /second-refresh/);
      assert.equal((await stat(file)).mode & 0o777, 0o600);
      clock.advance(3_600_000);
      const error = await failure(credentials.current(never));
      assert.equal(error.reason, 'credentials');
      assert.match(error.message, /has expired/);
      assert.doesNotMatch(error.message, /canary/);
      assert.equal(new URLSearchParams(forms[1]).get('refresh_token'), 'second-refresh');
      stop();
    });

    test('a kubeconfig that is a link stays one', { skip: process.platform === 'win32' && 'making links needs rights on Windows' }, async () => {
      const { credentials, file, stop } = await start();
      const actual = `${file}.actual`;
      await rename(file, actual);
      await symlink(actual, file);
      await credentials.current(never);
      assert.ok((await lstat(file)).isSymbolicLink());
      assert.match(await readFile(actual, 'utf8'), /second-refresh/);
      stop();
    });

    test('ways of signing in that are no more', async () => {
      const source = { entry: await userEntry('me', { 'auth-provider': { name: 'gcp' } }), file: 'x', user: 'me', env: {}, clusterInfo: () => Promise.resolve({}) };
      assert.match((await failure(new Credentials(source, plugin(), systemClock).current(never))).message, /no longer supported/);
    });
  });
});
