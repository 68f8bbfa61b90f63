import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { whyNoRealApi } from '../../cluster/kube/realApi';
import { startCluster, type Cluster } from '../../cluster/start';
import { admissionCases, comparable, whyNoCases, type AdmissionCase } from './admissionCases';
import { AdmissionSite } from './askAdmission';

/** How many questions that need nothing of their own are asked at the same time. */
const concurrency = 12;

/** As the recorded cluster was set up. */
const settings = { addressRanges: ['10.66.10.0/24', '10.66.20.0/24'], podRange: '10.111.0.0/16', serviceRange: '10.222.0.0/16' } as const;

for (const api of ['own', 'real'] as const) {
  for (const module of ['1.10', '0.17'] as const) {
    const skip = whyNoCases ?? (api === 'real' ? whyNoRealApi() : undefined) ?? false;
    describe(`recorded answers of module ${module}, on ${api === 'own' ? 'our API half' : 'a real kube-apiserver'}`, { skip }, () => {
      let cluster: Cluster;
      let site: AdmissionSite;
      const { cases, setup } = skip === false ? admissionCases(module) : { cases: [], setup: [] };

      before(async () => {
        cluster = await startCluster({ api, module, world: 'empty', platform: false });
        site = new AdmissionSite(cluster, module);
        await site.serveLayersBelow();
        await site.install(settings);
        for (const object of setup) {
          await site.put(object);
        }
      });

      after(async () => {
        await site?.stop();
        await cluster?.stop();
      });

      /** The cases of a variant to which the cluster answers otherwise. */
      async function differences(server: AdmissionCase['server']): Promise<string[]> {
        const asked = cases.filter((each) => each.server === server);
        assert.ok(asked.length > 5, 'there is nothing to ask');
        const found: string[] = [];
        const ask = async (each: AdmissionCase) => {
          const [got, wanted] = [comparable(await site.ask(each)), comparable(each.verdict)].map((verdict) => JSON.stringify(verdict));
          if (got !== wanted) {
            found.push(`${each.id} (${each.rule}): expected ${wanted}, got ${got}`);
          }
        };
        const needsObjects = (each: AdmissionCase) => each.given !== undefined || each.before !== undefined;
        const queue = asked.filter((each) => !needsObjects(each));
        await Promise.all(Array.from({ length: concurrency }, async () => {
          for (let next = queue.shift(); next; next = queue.shift()) {
            await ask(next);
          }
        }));
        for (const each of asked.filter(needsObjects)) {
          await ask(each);
        }
        return found;
      }

      it('are given over HTTP as well', async () => {
        assert.deepEqual(await differences(undefined), []);
      });

      if (module === '1.10') {
        it('are given with additional networks', async () => {
          await site.install({ ...settings, sdn: true });
          assert.deepEqual(await differences('sdn'), []);
        });

        it('are given without a default storage class', async () => {
          await site.install(settings);
          await site.patch({ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', namespace: '', name: 'adm-replicated' }, { metadata: { annotations: null } });
          assert.deepEqual(await differences('nodefault'), []);
        });
      }
    });
  }
}
