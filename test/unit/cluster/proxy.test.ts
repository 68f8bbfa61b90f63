import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ClusterError } from '../../../src/cluster/errors';
import { proxyFor, shownProxy } from '../../../src/cluster/proxy';

describe('F38: the proxy for a server', () => {
  const env = { HTTPS_PROXY: 'http://proxy:3128' };
  for (const [server, noProxy, isProxied] of [
    ['https://a.example', '', true], ['https://a.example', '*', false], ['https://a.example', 'a.example', false], ['https://b.a.example', 'a.example', false], ['https://ba.example', 'a.example', true],
    ['https://a.example', '.a.example', true], ['https://b.a.example', '.a.example', false], ['https://b.a.example', '*.a.example', false], ['https://A.Example', 'a.EXAMPLE', false],
    ['https://a.example:6443', 'a.example:6443', false], ['https://a.example', 'a.example:6443', true], ['https://a.example', ' x , a.example ', false],
    ['https://10.1.2.3', '10.1.0.0/16', false], ['https://10.2.2.3', '10.1.0.0/16', true], ['https://10.1.2.3', '10.1.2.3', false], ['https://10.1.2.3', '0.0.0.0/0', false], ['https://10.1.2.3', '10.1.2.3/99', true],
    ['https://[fd00::1]', 'fd00::/8', false], ['https://[fe00::1]', 'fd00::/8', true], ['https://[fd00::1]:6443', '[fd00::1]:6443', false], ['https://[fd00::1]', 'fd00:0::1', true],
    ['https://127.0.0.1', '', false], ['https://localhost:6443', '', false], ['https://[::1]', '', false], ['http://a.example', '', false],
  ] as const) {
    test(`${server} with NO_PROXY "${noProxy}" is ${isProxied ? '' : 'not '}proxied`, () => {
      assert.equal(proxyFor(new URL(server), undefined, { ...env, NO_PROXY: noProxy }) !== undefined, isProxied);
    });
  }

  test('"proxy-url" is above the environment, NO_PROXY included', () => {
    assert.equal(proxyFor(new URL('https://localhost'), 'socks5://s:1080', { NO_PROXY: '*' })?.href, 'socks5://s:1080');
  });

  test('lower case counts, a bare host is http, passwords are not shown', () => {
    const proxy = proxyFor(new URL('https://a'), undefined, { https_proxy: 'me:secret@proxy:3128' });
    assert.equal(proxy?.href, 'http://me:secret@proxy:3128/');
    assert.equal(proxy && shownProxy(proxy), 'http://proxy:3128');
  });

  test('what is no address is told without being quoted', () => {
    for (const wrong of ['ftp://canary', 'http://', 'socks4://canary']) {
      assert.throws(() => proxyFor(new URL('https://a'), wrong, {}), (error) => error instanceof ClusterError && error.reason === 'configuration' && !error.message.includes('canary'));
    }
  });
});
