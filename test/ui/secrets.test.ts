import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { filesWith, secretsOf, watchMessages } from './secrets';

test('F36: what every test in the workbench looks for is found: tokens, keys, what programs print, in messages and in logs', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'dvp-secrets-'));
  try {
    const [kubeconfig, tokenFile] = [path.join(folder, 'kubeconfig'), path.join(folder, 'exec-token')];
    await writeFile(tokenFile, 'printed-by-a-program\n');
    const key = Buffer.from('-----BEGIN PRIVATE KEY-----\nTWlkZGxlIG9mIGEga2V5\n-----END PRIVATE KEY-----\n').toString('base64');
    await writeFile(kubeconfig, `# of this kubeconfig alone\n${JSON.stringify({ clusters: [{ cluster: { 'certificate-authority-data': 'QW4gYXV0aG9yaXR5' } }], users: [{ user: { token: 'a-token-of-somebody' } }, { user: { 'client-key-data': key } }, { user: { exec: { args: ['plugin.mjs', tokenFile] } } }] }, null, 2)}`);
    const secrets = await secretsOf(kubeconfig);
    assert.deepEqual([...secrets].sort(), ['QW4gYXV0aG9yaXR5', 'TWlkZGxlIG9mIGEga2V5', 'a-token-of-somebody', key, 'of this kubeconfig alone', 'printed-by-a-program'].sort());

    await mkdir(path.join(folder, 'logs', 'deep'), { recursive: true });
    await writeFile(path.join(folder, 'logs', 'deep', 'a.log'), 'Authorization: Bearer a-token-of-somebody');
    await writeFile(path.join(folder, 'logs', 'b.log'), 'nothing to see');
    assert.deepEqual(await filesWith(path.join(folder, 'logs'), secrets), [path.join('deep', 'a.log')]);

    const told: string[] = [];
    const before = Object.getOwnPropertyDescriptor(MessagePort.prototype, 'postMessage') ?? assert.fail();
    Object.assign(globalThis, { leaked: (channel: string) => told.push(channel) });
    watchMessages(secrets);
    const { port1 } = new MessageChannel();
    port1.postMessage({ channel: 'innocent', data: 'nothing' });
    port1.postMessage({ channel: 'text', data: { message: { problem: 'with printed-by-a-program in it' } } });
    port1.postMessage({ channel: 'bytes', data: { bytes: new TextEncoder().encode('x a-token-of-somebody').buffer } });
    Object.defineProperty(MessagePort.prototype, 'postMessage', before);
    port1.close();
    assert.deepEqual(told, ['text', 'bytes']);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
