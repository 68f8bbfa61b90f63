import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startCluster, type Cluster } from '../../cluster/start';
import { hasAgent } from './scenarios/kit';
import { diskSpec, machineSpec, Scenario } from './scenario';

const halves = process.env['KUBEBUILDER_ASSETS'] ? ['own', 'real'] as const : ['own'] as const;

for (const api of halves) {
  describe(`what the API server asks the platform half, on ${api === 'own' ? 'our API half' : 'a real kube-apiserver'}`, () => {
    let cluster: Cluster;
    let s: Scenario;

    before(async () => {
      cluster = await startCluster({ api, world: 'empty', platform: false });
      s = await Scenario.start(cluster, 'team-hooks');
      await s.furnish({ genericClass: true });
      await s.create('VirtualDisk', 'web-root', diskSpec());
      await s.create('VirtualMachine', 'web', machineSpec(['web-root']));
      await s.until('VirtualMachine', 'web', hasAgent);
    });

    after(async () => {
      await s?.stop();
      await cluster?.stop();
    });

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
