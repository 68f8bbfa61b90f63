import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import WebSocket from 'ws';
import { startCluster, type Cluster } from '../../cluster/start';
import { hasAgent, isPhase } from './scenarios/kit';
import { diskSpec, machineSpec, Scenario } from './scenario';

const halves = process.env['KUBEBUILDER_ASSETS'] ? ['own', 'real'] as const : ['own'] as const;
const streams = '/apis/subresources.virtualization.deckhouse.io/v1alpha2';

for (const api of halves) {
  describe(`what the API server asks the platform half, on ${api === 'own' ? 'our API half' : 'a real kube-apiserver'}`, () => {
    let cluster: Cluster;
    let s: Scenario;
    const open: WebSocket[] = [];
    const received = new Map<WebSocket, string>();

    before(async () => {
      cluster = await startCluster({ api, world: 'empty', platform: false });
      s = await Scenario.start(cluster, 'team-hooks');
      await s.furnish({ genericClass: true });
      await s.create('VirtualDisk', 'web-root', diskSpec());
      await s.create('VirtualMachine', 'web', machineSpec(['web-root']));
      await s.until('VirtualMachine', 'web', hasAgent);
    });

    after(async () => {
      open.forEach((socket) => socket.terminate());
      await s?.stop();
      await cluster?.stop();
    });

    function connect(stream: string, machine = 'web'): WebSocket {
      const url = `${cluster.url.replace('https', 'wss')}${streams}/namespaces/team-hooks/virtualmachines/${machine}/${stream}`;
      const socket = new WebSocket(url, { ca: cluster.caPem, headers: { authorization: `Bearer ${cluster.users.admin.token}` } });
      open.push(socket);
      socket.on('message', (data: Buffer, isBinary) => received.set(socket, (received.get(socket) ?? '') + (isBinary ? data.toString() : 'TEXT')));
      return socket;
    }

    /** The answer to a handshake that is refused. */
    async function refusal(stream: string, machine?: string): Promise<{ code: number; message: string }> {
      const socket = connect(stream, machine);
      socket.on('error', () => undefined);
      const [, response] = await once(socket, 'unexpected-response') as [unknown, AsyncIterable<Buffer> & { statusCode: number }];
      let text = '';
      for await (const chunk of response) {
        text += chunk.toString();
      }
      const status = JSON.parse(text) as { kind: string; message: string };
      assert.equal(status.kind, 'Status');
      return { code: response.statusCode, message: status.message };
    }

    /** Takes everything up to and with `wanted`, once that has come. */
    async function reads(socket: WebSocket, wanted: string): Promise<string> {
      while (!received.get(socket)?.includes(wanted)) {
        await once(socket, 'message', { signal: AbortSignal.timeout(5000) });
      }
      const text = received.get(socket) ?? '';
      const end = text.indexOf(wanted) + wanted.length;
      received.set(socket, text.slice(end));
      return text.slice(0, end);
    }

    it('refuses what a rule forbids, in the name of its webhook', async () => {
      const { code, json } = await cluster.admin.ask('POST', '/apis/virtualization.deckhouse.io/v1alpha2/namespaces/team-hooks/virtualmachineoperations', { body: {
        apiVersion: 'virtualization.deckhouse.io/v1alpha2', kind: 'VirtualMachineOperation', metadata: { name: 'ghost' }, spec: { type: 'Migrate', virtualMachineName: 'nobody' },
      } });
      assert.equal(code, 404);
      assert.equal(json['message'], 'admission webhook "vmop.virtualization-controller.validate.d8-virtualization" denied the request: VirtualMachine.virtualization.deckhouse.io "nobody" not found');
    });

    it('fills in the share of cores that the class has as default', async () => {
      const { code, json } = await cluster.admin.ask('POST', '/apis/virtualization.deckhouse.io/v1alpha2/namespaces/team-hooks/virtualmachines?dryRun=All', { body: {
        apiVersion: 'virtualization.deckhouse.io/v1alpha2', kind: 'VirtualMachine', metadata: { name: 'other' },
        spec: { ...machineSpec(['web-root']), cpu: { cores: 2 } },
      } });
      assert.equal(code, 201, String(json['message']));
      assert.equal((json['spec'] as { cpu: { coreFraction: string } }).cpu.coreFraction, '20%');
    });

    it('shows classes in both versions', async () => {
      const fractions = async (version: string) => {
        const json = await cluster.admin.do('GET', `/apis/virtualization.deckhouse.io/${version}/virtualmachineclasses/generic`);
        return (json['spec'] as { sizingPolicies: { coreFractions: unknown[]; defaultCoreFraction: unknown }[] }).sizingPolicies[0];
      };
      assert.deepEqual((await fractions('v1alpha3'))?.coreFractions, ['5%', '10%', '20%', '50%', '100%']);
      assert.deepEqual((await fractions('v1alpha2'))?.coreFractions, [5, 10, 20, 50, 100]);
      assert.deepEqual([(await fractions('v1alpha3'))?.defaultCoreFraction, (await fractions('v1alpha2'))?.defaultCoreFraction], ['20%', 20]);
    });

    it('gives a console that is said to be simulated, echoes and answers', async () => {
      const socket = connect('console');
      assert.match(await reads(socket, 'web login: '), /simulated guest/);
      socket.send(Buffer.from('cloud\r'));
      await reads(socket, 'Password: ');
      socket.send(Buffer.from('secret\r'));
      assert.doesNotMatch(await reads(socket, 'cloud@web:~$ '), /secret/);
      socket.send(Buffer.from('echo hello\r'));
      assert.match(await reads(socket, 'hello\r\n'), /echo hello\r\n/);
      socket.close();
      await once(socket, 'close');
    });

    it('lets one hold a console: the one before loses it without a close frame', async () => {
      const first = connect('console');
      await reads(first, 'login: ');
      const lost = once(first, 'close') as Promise<[number]>;
      const second = connect('console');
      await reads(second, 'login: ');
      assert.equal((await lost)[0], 1006);
      second.terminate();
    });

    it('says why there is no screen, no port and no machine', async () => {
      assert.deepEqual(await refusal('vnc'), { code: 400, message: 'A simulated guest has no screen.' });
      assert.equal((await refusal('portforward?port=22')).code, 400);
      assert.equal((await refusal('console', 'nobody')).code, 404);
    });

    it('cuts the console of a machine that stops, and refuses one until it runs again', async () => {
      const socket = connect('console');
      await reads(socket, 'login: ');
      const lost = once(socket, 'close') as Promise<[number]>;
      await s.create('VirtualMachineOperation', 'web-stop', { type: 'Stop', virtualMachineName: 'web' });
      await s.until('VirtualMachine', 'web', isPhase('Stopped'));
      assert.equal((await lost)[0], 1006);
      assert.deepEqual(await refusal('console'), { code: 500, message: 'VirtualMachine is not Running or Migrating' });
    });

    it('leaves nothing behind that waits for it', async () => {
      await s.stop();
      for (const path of [
        '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/virtualization-controller',
        '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/virtualization-controller',
        '/apis/apiregistration.k8s.io/v1/apiservices/v1alpha2.subresources.virtualization.deckhouse.io',
      ]) {
        assert.equal((await cluster.admin.ask('GET', path)).code, 404, path);
      }
      await cluster.admin.do('PATCH', '/apis/virtualization.deckhouse.io/v1alpha2/namespaces/team-hooks/virtualmachines/web', { metadata: { labels: { a: 'b' } } });
    });
  });
}
