import type { KubeObject } from '../../../../src/domain/kubeObject';
import { listAt, stringAt, valueAt } from '../../../../src/domain/values';
import type { Known } from '../known';

/** The platform's way of asking for a node to be drained; its value says who asks. */
export const drainingAnnotation = 'update.node.deckhouse.io/draining';

/** Nodes as the layer below sees them. */
export interface Nodes {
  /** The nodes that a machine may be put on, at this moment, in the order of their names. */
  for(machine: KubeObject): readonly string[];
  /** Whether machines have to leave the node. */
  isDraining(name: string): boolean;
}

export function nodesOf(known: Known): Nodes {
  return {
    for: (machine) => nodesFor(machine, known),
    isDraining: (name) => isDraining(known.get('Node', name)),
  };
}

/** The node with the fewest machines, the first among equals; `places`: where machines are or move to. `undefined`: there is no node. */
export function roomiest(nodes: readonly string[], places: Iterable<string | undefined>): string | undefined {
  const machines = new Map(nodes.map((node) => [node, 0]));
  for (const place of places) {
    const count = machines.get(place ?? '');
    if (count !== undefined) {
      machines.set(place ?? '', count + 1);
    }
  }
  return nodes.reduce<string | undefined>((best, node) => (best === undefined || machines.get(node)! < machines.get(best)! ? node : best), undefined);
}

export function isDraining(node: KubeObject | undefined): boolean {
  return node?.metadata.annotations?.[drainingAnnotation] !== undefined;
}

/** Cordoned, or about to be drained: nothing new comes here. */
export function isClosed(node: KubeObject): boolean {
  return valueAt(node, 'spec.unschedulable') === true || isDraining(node);
}

/** The nodes of a machine's class that carry the labels which the machine asks for; of an unknown class, all but control planes. */
function nodesFor(machine: KubeObject, known: Known): readonly string[] {
  const ofClass = listAt(known.get('VirtualMachineClass', stringAt(machine, 'spec.virtualMachineClassName') ?? ''), 'status.availableNodes');
  const selector = Object.entries(valueAt(machine, 'spec.nodeSelector') ?? {});
  const all = [...known.all('Node')];
  // A cluster in which nobody has made a node has one nevertheless.
  return all.length === 0 ? ['node-1'] : all.filter((node) => {
    const { name, labels = {} } = node.metadata;
    const isAllowed = ofClass.length > 0 ? ofClass.includes(name) : !('node-role.kubernetes.io/control-plane' in labels);
    return isAllowed && !isClosed(node) && selector.every(([key, value]) => labels[key] === value);
  }).map(({ metadata }) => metadata.name).sort();
}
