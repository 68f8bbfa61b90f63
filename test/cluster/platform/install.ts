import type { KubeApi } from '../../../src/cluster/api';
import { ClusterError } from '../../../src/cluster/errors';
import { sleep, type Clock } from '../../../src/base/timing';
import { conditionOf, type KubeObject } from '../../../src/domain/kubeObject';
import { crdsOf } from '../crds';
import type { Module } from './resources';

const resource = { group: 'apiextensions.k8s.io', version: 'v1', plural: 'customresourcedefinitions', namespaced: false };

/** How long a server may take to serve new kinds. */
const patienceMs = 20_000;
const pollMs = 100;

/** Makes the platform's kinds where they do not exist, and waits until they are served. Kinds that exist stay as they are. */
export async function installCrds(api: KubeApi, module: Module, clock: Clock): Promise<void> {
  const names: string[] = [];
  for (const crd of await crdsOf(module)) {
    names.push(crd.metadata.name);
    await api.create(resource, crd as KubeObject).catch((error: unknown) => {
      if (!(error instanceof ClusterError && error.reason === 'alreadyExists')) {
        throw error;
      }
    });
  }
  const deadlineMs = clock.now() + patienceMs;
  for (const name of names) {
    while (conditionOf(await api.get(resource, name), 'Established')?.status !== 'True') {
      if (clock.now() > deadlineMs) {
        throw new Error(`The cluster does not serve "${name}" after ${patienceMs / 1000} s.`);
      }
      await sleep(clock, pollMs);
    }
  }
}
