import type { KubeObject } from '../../../src/domain/kubeObject';
import { namespace, node } from './ground';
import type { Kit } from './kit';
import { machine, type MachineState } from './machine';
import { disk } from './storage';

/** How the machines of a crowd are spread over phases, in per cent; the rest runs. */
const shares: readonly (readonly [percent: number, state: MachineState])[] = [
  [6, { phase: 'Stopped' }],
  [2, { phase: 'Running', agent: false, lower: 'no-agent' }],
];

/**
 * `count` machines with a disk and an address each, 50 to a node and 100 to a namespace: the platform promises 50,000 over 1,000 nodes.
 * Lazy, so that tens of thousands need not be held twice.
 */
export function* crowd(kit: Kit, count: number): Iterable<KubeObject> {
  const nodeCount = Math.max(1, Math.ceil(count / 50));
  const namespaceCount = Math.max(1, Math.ceil(count / 100));
  for (let n = 0; n < nodeCount; n++) {
    yield node(nodeName(n), '64', '262144Mi');
  }
  for (let n = 0; n < namespaceCount; n++) {
    yield namespace(namespaceName(n));
  }
  for (let n = 0; n < count; n++) {
    const name = `vm-${String(n).padStart(5, '0')}`;
    const ns = namespaceName(n % namespaceCount);
    const state = stateOf(kit.random.next() * 100);
    const size = kit.random.pick(['10Gi', '20Gi', '40Gi']);
    yield disk(kit, `${name}-root`, { namespace: ns, size, source: { clusterImage: 'debian-12' }, machine: name, idle: state?.phase === 'Stopped' });
    yield* machine(kit, name, {
      namespace: ns, node: nodeName(kit.random.integer(0, nodeCount - 1)), cores: kit.random.pick([1, 2, 4]), memory: kit.random.pick(['2Gi', '4Gi', '8Gi']),
      labels: { app: kit.random.pick(['web', 'api', 'db', 'batch']) }, guest: 'debian', disks: [{ name: `${name}-root`, size }], ...(state ? { state } : {}),
    }).objects;
  }
}

function stateOf(roll: number): MachineState | undefined {
  let edge = 0;
  for (const [percent, state] of shares) {
    edge += percent;
    if (roll < edge) {
      return state;
    }
  }
  return undefined;
}

const nodeName = (n: number) => `worker-${String(n).padStart(4, '0')}`;
const namespaceName = (n: number) => `tenant-${String(n).padStart(3, '0')}`;
