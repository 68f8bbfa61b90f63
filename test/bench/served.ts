// The cluster that a benchmark asks: in a process of its own, so that its work is not counted. Talks with its parent over IPC.
import { setTimeout as pause } from 'node:timers/promises';
import { keyOf } from '../../src/domain/kubeObject';
import { startApi } from '../cluster/api/server';
import type { ApiServer } from '../cluster/api/server';
import { decode } from '../cluster/api/storage';
import type { ApiObject } from '../cluster/api/model';
import { adminClient } from '../cluster/adminClient';
import { createAuthority } from '../cluster/certificates';
import { crdsOf } from '../cluster/crds';
import { startRealApi } from '../cluster/kube/realApi';
import type { RealApi } from '../cluster/kube/realApi';
import { untilServed } from '../cluster/populate';
import { world } from '../cluster/world';
import type { Order, Ready } from './cluster';

const token = 'bench';
const group = 'virtualization.deckhouse.io';
const machines = `${group}/virtualmachines`;
const users = [{ name: 'admin', groups: ['system:masters'], token }];
const [vms = '0', api = 'own', contents = 'world'] = process.argv.slice(2);
const own = api === 'own' ? await startApi({ users }) : undefined;
const real = own ? undefined : await startRealApi({ users, authority: await createAuthority() });
const { url, caPem } = own ?? real!;
const client = adminClient({ url, caPem, token });
const crds = await crdsOf('1.10');
for (const crd of crds) {
  await client.do('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', crd);
}
const objects = contents === 'empty' ? [] : [...world({ module: '1.10', vms: Number(vms), nowMs: Date.now() })];
await own?.seed(objects as unknown as ApiObject[]);
if (real) {
  await untilServed(client, crds);
  await storeIn(real);
}
process.on('message', (order: Order) => { void obey(order); });
process.on('disconnect', () => void (real?.stop() ?? Promise.resolve()).finally(() => process.exit(0)));
process.send?.({ url, caPem, token } satisfies Ready);

async function obey(order: Order): Promise<void> {
  switch (order.type) {
    case 'touch':
      await (own ? touch(own, order.count, order.mark, order.from) : touchStored(real!, order.count, order.mark));
      break;
    case 'play':
      for (const batch of order.batches) {
        await pause(batch.waitMs);
        await own?.seed(batch.set as ApiObject[]);
        for (const { resource, object } of batch.removed) {
          own?.storage.remove(resource, object as ApiObject);
        }
      }
      break;
  }
  process.send?.({ done: true });
}

/** Changes `count` machines one after the other, round and round, each by one annotation. */
function touch({ storage }: ApiServer, count: number, mark: string, from = 0): void {
  const { items } = storage.snapshot(machines);
  for (let n = 0; n < count; n++) {
    const stored = storage.get(machines, items[(from + n) % items.length]?.key ?? '');
    if (stored) {
      const object = decode(stored);
      object.metadata.annotations = { ...object.metadata.annotations, touched: `${mark}-${n}` };
      storage.put(machines, object);
    }
  }
}

/** The same in the storage of a real API server, which tells of it as fast as it can: asked one by one it would take the better part of a minute. */
async function touchStored(api: RealApi, count: number, mark: string): Promise<void> {
  const stored = objects.filter(({ kind }) => kind === 'VirtualMachine').sort((a, b) => (keyOf(a.metadata) < keyOf(b.metadata) ? -1 : 1));
  for (let from = 0; from < count; from += stored.length) {
    await api.store(group, 'virtualmachines', stored.slice(0, count - from).map((object, n) => (
      { ...object, metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, touched: `${mark}-${from + n}` } } }
    )));
  }
}

/** The platform's objects go where the server keeps them: asking it tens of thousands of times would take minutes. Classes are left out, because they are stored in a version that only the platform converts to. */
async function storeIn(api: RealApi): Promise<void> {
  for (const namespace of objects.filter(({ kind }) => kind === 'Namespace')) {
    // Nothing can be changed in a namespace that the server does not know; some it has made itself.
    await client.ask('POST', '/api/v1/namespaces', { body: namespace });
  }
  for (const crd of crds) {
    const { names, versions } = crd['spec'] as { readonly names: { readonly kind: string; readonly plural: string }; readonly versions: readonly { readonly name: string; readonly storage: boolean }[] };
    const stored = `${group}/${versions.find(({ storage }) => storage)?.name ?? ''}`;
    await api.store(group, names.plural, objects.filter(({ kind, apiVersion }) => kind === names.kind && apiVersion === stored));
  }
}
