import { after, before, describe, it } from 'node:test';
import { startCluster, type Cluster } from '../../cluster/start';
import { scenarios } from './scenarios/index';
import { compare } from './compare';
import { Scenario } from './scenario';

const halves = process.env['KUBEBUILDER_ASSETS'] ? ['own', 'real'] as const : ['own'] as const;

for (const api of halves) {
  describe(`the platform half does as recorded, on ${api === 'own' ? 'our API half' : 'a real kube-apiserver'}`, () => {
    let cluster: Cluster;
    before(async () => {
      cluster = await startCluster({ api, world: 'empty', platform: false });
    });
    after(async () => {
      await cluster.stop();
    });
    for (const [name, { play, tolerance, genericClass }] of Object.entries(scenarios)) {
      it(name, async () => {
        const scenario = await Scenario.start(cluster, `team-${name.split('-')[0]}`);
        try {
          await scenario.furnish({ genericClass: genericClass ?? true });
          await play(scenario);
          compare(name, await scenario.histories(), tolerance);
        } finally {
          await scenario.stop();
        }
      });
    }
  });
}

