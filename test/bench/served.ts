// The cluster that a benchmark asks: in a process of its own, so that its work is not counted. Talks with its parent over IPC.
import { setTimeout as pause } from 'node:timers/promises';
import { startApi } from '../cluster/api/server';
import { decode } from '../cluster/api/storage';
import type { ApiObject } from '../cluster/api/model';
import { adminClient } from '../cluster/adminClient';
import { crdsOf } from '../cluster/crds';
import { world } from '../cluster/world';
import type { Order, Ready } from './cluster';

const token = 'bench';
const machines = 'virtualization.deckhouse.io/virtualmachines';
const [vms = '0', empty] = process.argv.slice(2);
const server = await startApi({ users: [{ name: 'admin', groups: ['system:masters'], token }] });
const client = adminClient({ url: server.url, caPem: server.caPem, token });
for (const crd of await crdsOf('1.10')) {
  await client.do('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', crd);
}
client.close();
if (empty !== 'empty') {
  await server.seed([...world({ module: '1.10', vms: Number(vms), nowMs: Date.now() })] as unknown as ApiObject[]);
}
process.on('message', (order: Order) => { void obey(order); });
process.on('disconnect', () => process.exit(0));
process.send?.({ url: server.url, caPem: server.caPem, token } satisfies Ready);

async function obey(order: Order): Promise<void> {
  switch (order.type) {
    case 'touch':
      touch(order.count, order.mark);
      break;
    case 'play':
      for (const batch of order.batches) {
        await pause(batch.waitMs);
        await server.seed(batch.set as ApiObject[]);
        for (const { resource, object } of batch.removed) {
          server.storage.remove(resource, object as ApiObject);
        }
      }
      break;
  }
  process.send?.({ done: true });
}

/** Changes `count` machines one after the other, round and round, each by one annotation. */
function touch(count: number, mark: string): void {
  const { items } = server.storage.snapshot(machines);
  for (let n = 0; n < count; n++) {
    const stored = server.storage.get(machines, items[n % items.length]?.key ?? '');
    if (stored) {
      const object = decode(stored);
      object.metadata.annotations = { ...object.metadata.annotations, touched: `${mark}-${n}` };
      server.storage.put(machines, object);
    }
  }
}
