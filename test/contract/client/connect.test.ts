import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { inspect } from 'node:util';
import WebSocket from 'ws';
import { ClusterError } from '../../../src/cluster/errors';
import { ExecPlugins } from '../../../src/cluster/execPlugin';
import type { KubeApi } from '../../../src/cluster/api';
import { createAuthority } from '../../cluster/certificates';
import { startHttpProxy, startSocksProxy } from '../../cluster/faults/forwardProxy';
import { startFaultProxy } from '../../cluster/faults/proxy';
import { TestClock } from '../../unit/cluster/testClock';
import { until } from '../../until';
import { startSite } from './site';
import type { Site } from './site';

const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('connecting', () => {
  let site: Site;
  before(async () => {
    site = await startSite();
  });
  after(() => site.stop());

  const version = (api: KubeApi) => api.request<{ gitVersion: string }>('GET', '/version', { timeoutMs: 5000 });
  /** The `ClusterError` that a promise ends with; it must say what, why and what to do. */
  const failure = async (promise: Promise<unknown>): Promise<ClusterError> => {
    const error: unknown = await promise.then(() => assert.fail('It should have failed'), (thrown: unknown) => thrown);
    assert.ok(error instanceof ClusterError, inspect(error));
    assert.match(error.message, /^["A-Z][^\n]{10,300}$/, error.message);
    assert.ok(error.hint, `no hint: ${error.message}`);
    return error;
  };

  test('a token', async () => {
    assert.ok((await version(site.api(await site.context('token')))).gitVersion);
  });

  for (const form of ['data', 'file'] as const) {
    test(`a client certificate as ${form}, past the proxy, which cannot pass it on`, async () => {
      const { certificate } = site.cluster.users.admin;
      assert.ok(certificate);
      await writeFile(path.join(site.home, 'admin.crt'), certificate.certPem);
      await writeFile(path.join(site.home, 'admin.key'), certificate.keyPem);
      await writeFile(path.join(site.home, 'ca.crt'), site.cluster.caPem);
      const user = form === 'data' ? { 'client-certificate-data': base64(certificate.certPem), 'client-key-data': base64(certificate.keyPem) }
        : { 'client-certificate': 'admin.crt', 'client-key': 'admin.key' };
      const authority = form === 'data' ? {} : { 'certificate-authority-data': undefined, 'certificate-authority': 'ca.crt' };
      const api = site.api(await site.context('admin', { user, cluster: { server: site.cluster.url, ...authority } }));
      const review = await api.request<{ status: { userInfo: { username: string } } }>('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', { body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' } });
      assert.equal(review.status.userInfo.username, 'admin');
    });
  }

  test('a token file is read again when the server refuses what it held', async () => {
    const file = path.join(site.home, 'token');
    await writeFile(file, 'old-token\n');
    const api = site.api(await site.context('token', { user: { tokenFile: 'token' } }));
    assert.equal((await failure(version(api))).reason, 'unauthorized');
    await writeFile(file, `${site.cluster.users.token.token}\n`);
    assert.ok((await version(api)).gitVersion);
  });

  test('F7: after a 401 the plugin runs once more and the same request is sent again; a second 401 is told', async () => {
    const tokens = path.join(site.home, 'tokens');
    const script = path.join(site.home, 'plugin.mjs');
    await writeFile(tokens, ['stale-token', site.cluster.users.token.token, 'stale-again', 'stale-for-good'].join('\n'));
    await writeFile(script, `
      import { readFileSync, writeFileSync } from 'node:fs';
      const [token, ...left] = readFileSync(process.argv[2], 'utf8').split('\\n');
      writeFileSync(process.argv[2], left.join('\\n'));
      console.log(JSON.stringify({ apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status: { token } }));`);
    const user = { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: process.execPath, args: [script, tokens], interactiveMode: 'Never' } };
    const api = site.api(await site.context('token', { user }));
    const from = site.faults.seen.length;
    const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'retried' }, data: { a: '1' } };
    const made = await api.create({ group: '', version: 'v1', plural: 'configmaps', namespaced: true }, { ...body, metadata: { name: 'retried', namespace: 'default' } });
    assert.deepEqual(made['data'], { a: '1' });
    assert.deepEqual(site.faults.seen.slice(from).map(({ method, headers }) => [method, String(headers['authorization']).slice(0, 16)]), [
      ['POST', 'Bearer stale-tok'], ['POST', `Bearer ${site.cluster.users.token.token.slice(0, 9)}`],
    ]);
    const remove = site.faults.inject({ fault: { type: 'status', code: 401 } });
    const error = await failure(version(api)).finally(remove);
    assert.equal(error.reason, 'unauthorized');
    assert.match(error.hint ?? '', /[Ss]ign in/);
    assert.equal(site.faults.seen.slice(from).length, 4);
  });

  test('the wrong authority', async () => {
    const other = await createAuthority();
    const error = await failure(version(site.api(await site.context('token', { cluster: { 'certificate-authority-data': base64(other.caPem) } }))));
    assert.equal(error.reason, 'tls');
    assert.match(error.hint ?? '', /certificate-authority/);
  });

  test('a certificate for another name, and "tls-server-name" against it', async () => {
    const proxy = await startFaultProxy({ target: site.cluster, certificate: await site.cluster.authority.server(['cluster.example']) });
    try {
      const error = await failure(version(site.api(await site.context('token', { cluster: { server: proxy.url } }))));
      assert.equal(error.reason, 'tls');
      assert.ok((await version(site.api(await site.context('token', { cluster: { server: proxy.url, 'tls-server-name': 'cluster.example' } })))).gitVersion);
    } finally {
      await proxy.stop();
    }
  });

  test('F38: nothing is skipped silently: unverified only when the kubeconfig says so, and then it can be seen', async () => {
    const other = await createAuthority();
    const context = await site.context('token', { cluster: { 'certificate-authority-data': base64(other.caPem), 'insecure-skip-tls-verify': true } });
    assert.equal(context.isInsecure, true);
    assert.ok((await version(site.api(context))).gitVersion);
  });

  test('a name that does not resolve', async () => {
    const error = await failure(version(site.api(await site.context('token', { cluster: { server: 'https://nowhere.invalid:6443' } }))));
    assert.equal(error.reason, 'unreachable');
    assert.match(error.message, /nowhere\.invalid/);
  });

  test('nobody listens', async () => {
    const error = await failure(version(site.api(await site.context('token', { cluster: { server: 'https://127.0.0.1:1' } }))));
    assert.equal(error.reason, 'unreachable');
    assert.match(error.message, /refused/);
  });

  test('somebody listens and says nothing: the time is limited, also for the handshake', async () => {
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const clock = new TestClock();
    const api = site.api(await site.context('token', { cluster: { server: `https://127.0.0.1:${(silent.address() as AddressInfo).port}` } }), { clock });
    const asked = failure(api.request('GET', '/version'));
    await until(() => clock.pending > 1, 'the connection');
    clock.advance(20_000);
    assert.equal((await asked).reason, 'timeout');
    api.dispose();
    silent.close();
  });

  test('no TLS where TLS is expected', async () => {
    const plain = createServer((socket) => socket.on('error', () => undefined).end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    const error = await failure(version(site.api(await site.context('token', { cluster: { server: `https://127.0.0.1:${(plain.address() as AddressInfo).port}` } }))));
    plain.close();
    assert.equal(error.reason, 'tls');
    assert.match(error.hint ?? '', /TLS/);
  });

  test('signing in may take longer than an answer', async () => {
    const user = { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: process.execPath, args: ['-e', ''], interactiveMode: 'Never' } };
    const clock = new TestClock(Date.now());
    let allow = (_: boolean) => undefined as void;
    const allowed = new Promise<boolean>((resolve) => { allow = resolve; });
    const slow = new ExecPlugins({ clock, log: () => undefined, environment: () => Promise.resolve({}), mayRun: () => allowed });
    const api = site.api(await site.context('token', { user }), { clock, plugins: slow });
    const asked = failure(api.request('GET', '/version'));
    clock.advance(600_000);
    allow(false);
    assert.equal((await asked).reason, 'credentials');
    slow.dispose();
  });

  test('F12: a request that is cancelled ends at once, with the caller\'s own reason', async () => {
    const hold = site.faults.inject({ fault: { type: 'halfOpen', afterBytes: -1 } });
    const cancel = new AbortController();
    const asked = site.api(await site.context()).request('GET', '/version', { signal: cancel.signal });
    const seen = site.faults.seen.length;
    await until(() => site.faults.seen.length > seen, 'the request');
    cancel.abort(new Error('I changed my mind'));
    await assert.rejects(asked, /I changed my mind/);
    hold();
  });

  for (const scheme of ['http', 'socks5'] as const) {
    test(`F38: a ${scheme} proxy of the kubeconfig, for requests and sockets alike`, async () => {
      const proxy = await (scheme === 'http' ? startHttpProxy() : startSocksProxy());
      try {
        const api = site.api(await site.context('token', { cluster: { 'proxy-url': proxy.url } }));
        assert.ok((await version(api)).gitVersion);
        assert.deepEqual(proxy.targets, [new URL(site.faults.url).host]);
        const { url, headers, socket } = await api.connection.webSocketOptions(new AbortController().signal);
        const client = new WebSocket(`${url}/version`, { headers: headers as Record<string, string>, createConnection: () => socket });
        const said = await new Promise<string>((resolve) => client.on('error', (error) => resolve(error.message)).on('open', () => resolve('open')));
        // This endpoint has no sockets: any HTTP answer proves that the request went through.
        assert.match(said, /open|Unexpected server response/);
        assert.equal(proxy.targets.length, 2);
      } finally {
        await proxy.stop();
      }
    });
  }

  for (const [name, start] of [
    ['refuses', () => startHttpProxy({ refuseWith: 403 })], ['wants a password', () => startHttpProxy({ authorization: 'Basic x' })], ['refuses over SOCKS', () => startSocksProxy({ refuse: true })],
  ] as const) {
    test(`a proxy that ${name}`, async () => {
      const proxy = await start();
      const error = await failure(version(site.api(await site.context('token', { cluster: { 'proxy-url': proxy.url } }))));
      await proxy.stop();
      assert.equal(error.reason, 'proxy');
      assert.match(error.message, new RegExp(proxy.url));
    });
  }

  test('a proxy that is not there, with a password that is not told', async () => {
    const error = await failure(version(site.api(await site.context('token', { cluster: { 'proxy-url': 'http://me:canary-password@127.0.0.1:1' } }))));
    assert.equal(error.reason, 'proxy');
    assert.doesNotMatch(inspect(error, { depth: 9 }), /canary/);
  });

  test('a proxy with a password', async () => {
    const proxy = await startHttpProxy({ authorization: `Basic ${base64('me:secret')}` });
    const api = site.api(await site.context('token', { cluster: { 'proxy-url': proxy.url.replace('//', '//me:secret@') } }));
    assert.ok((await version(api)).gitVersion);
    await proxy.stop();
  });

  test('impersonation', async () => {
    const from = site.faults.seen.length;
    await version(site.api(await site.context('token', { user: { token: site.cluster.users.token.token, as: 'somebody', 'as-groups': ['a', 'b'] } }))).catch(() => undefined);
    const { headers } = site.faults.seen[from]!;
    assert.equal(headers['impersonate-user'], 'somebody');
    assert.equal(headers['impersonate-group'], 'a, b');
  });

  test('F36: what is secret is in no error, no context and no log', async () => {
    const canary = 'canary-0123456789';
    const texts: string[] = [];
    const note = (value: unknown) => texts.push(inspect(value, { depth: 12, showHidden: true }));
    const users = [
      { token: canary }, { 'client-key-data': base64(canary) }, { 'client-key-data': base64(canary), 'client-certificate-data': base64(canary) },
      { username: 'me', password: canary }, { 'auth-provider': { name: 'oidc', config: { 'id-token': canary, 'refresh-token': canary, 'client-secret': canary } } },
      { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: process.execPath, args: ['-e', `console.log("${canary}"); console.error("refused ${canary}${canary}")`], interactiveMode: 'Never' } },
      { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: process.execPath, args: ['-e', `console.error("token ${canary}${canary} refused"); process.exit(1)`], interactiveMode: 'Never' } },
    ];
    for (const user of users) {
      const context = await site.context('token', { user });
      note(context);
      note(await failure(version(site.api(context))));
      const session = site.session(context, { log: (message) => note(message) });
      session.start();
      await until(() => session.view.connection.phase === 'failed', 'the failure');
      note(session.view.connection);
      session.dispose();
    }
    texts.forEach((text) => assert.ok(!text.includes(canary) && !text.includes(base64(canary)), text));
  });
});
