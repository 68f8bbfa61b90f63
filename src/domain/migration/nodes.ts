import { t } from '@vscode/l10n';
import type { ClusterView } from '../clusterView';
import { conditionOf, type KubeObject } from '../kubeObject';
import { compareQuantities, formatBytes, parseQuantity, type Quantity } from '../quantity';
import { listAt, numberAt, stringAt, valueAt } from '../values';
import { fitsLabelSelector, fitsNodeAffinity, type Labels, missingLabel, repellingTaint } from './selectors';

/** Whether a machine could go to a node, as far as can be seen from here; the scheduler has the last word. */
export interface NodeVerdict {
  readonly name: string;
  readonly verdict: 'possible' | 'impossible' | 'unknown' | 'current';
  /** Whole sentences, the most telling first; empty when nothing speaks against it. */
  readonly because: readonly string[];
  /** Value of the label that names the node, for a selector. */
  readonly hostname: string;
}

/** `source`: what is known of the nodes. `class`: only the names that the machine's class gives. `none`: nothing, `why` says why. */
export interface NodeAnswer {
  readonly source: 'nodes' | 'class' | 'none';
  readonly why: string | undefined;
  /** Possible ones first, then by name. */
  readonly nodes: readonly NodeVerdict[];
}

/** Where a machine could go. Reads nodes where the user may, else what its class says. */
export function nodesFor(machine: KubeObject, view: ClusterView): NodeAnswer {
  const className = stringAt(machine, 'spec.virtualMachineClassName');
  const machineClass = className === undefined ? undefined : view.get('VirtualMachineClass', className) ?? undefined;
  const current = stringAt(machine, 'status.nodeName');
  const nodes = view.list('Node');
  if (nodes) {
    const used = usedOn(view);
    return { source: 'nodes', why: undefined, nodes: sorted(nodes.map((node) => judged(node, { machine, machineClass, current, view, used }))) };
  }
  const state = view.state('Node');
  const why = state.phase === 'failed' ? (state.problem.reason === 'forbidden' ? t('You may not read nodes.') : state.problem.message) : t('Nodes are being read.');
  const names = listAt(machineClass, 'status.availableNodes').filter((name): name is string => typeof name === 'string');
  if (names.length === 0) {
    return { source: 'none', why, nodes: [] };
  }
  return {
    source: 'class', why,
    nodes: sorted(names.map((name) => ({ name, hostname: name, verdict: name === current ? 'current' : 'unknown', because: [] }))),
  };
}

interface Asked {
  readonly machine: KubeObject;
  readonly machineClass: KubeObject | undefined;
  readonly current: string | undefined;
  readonly view: ClusterView;
  readonly used: ReadonlyMap<string, Used>;
}

function judged(node: KubeObject, asked: Asked): NodeVerdict {
  const { name, labels = {} } = node.metadata;
  const hostname = labels['kubernetes.io/hostname'] ?? name;
  if (name === asked.current) {
    return { name, hostname, verdict: 'current', because: [] };
  }
  const against = [...stateReasons(node), ...placementReasons(node, asked), ...neighbourReasons(name, asked), ...resourceReasons(node, asked)];
  return { name, hostname, verdict: against.length > 0 ? 'impossible' : 'possible', because: against };
}

function stateReasons(node: KubeObject): readonly string[] {
  const ready = conditionOf(node, 'Ready');
  return [
    ...(ready && ready.status !== 'True' ? [t('The node is not ready.')] : []),
    ...(valueAt(node, 'spec.unschedulable') === true ? [t('The node is closed for new machines.')] : []),
  ];
}

function placementReasons(node: KubeObject, { machine, machineClass }: Asked): readonly string[] {
  const { name, labels = {} } = node.metadata;
  const wanted = missingLabel(valueAt(machine, 'spec.nodeSelector'), labels);
  const classSelector = valueAt(machineClass, 'spec.nodeSelector');
  const available = listAt(machineClass, 'status.availableNodes');
  // The taint of a closed node says the same as its flag.
  const taints = listAt(node, 'spec.taints').filter((taint) => stringAt(taint, 'key') !== 'node.kubernetes.io/unschedulable');
  const taint = repellingTaint(taints, [...listAt(machine, 'spec.tolerations'), ...listAt(machineClass, 'spec.tolerations')]);
  const isOutside = available.length > 0 && !available.includes(name) || classSelector !== undefined && !fitsLabelSelector(classSelector, labels);
  return [
    ...(isOutside ? [t('The class "{0}" does not include this node.', machineClass?.metadata.name ?? '')] : []),
    ...(wanted === undefined ? [] : [t('The machine asks for the label "{0}", which the node does not have.', wanted)]),
    ...(fitsNodeAffinity(valueAt(machine, 'spec.affinity'), name, labels) ? [] : [t('The node affinity of the machine leaves this node out.')]),
    ...(taint === undefined ? [] : [t('The machine does not tolerate the taint "{0}".', taint)]),
  ];
}

/** Required rules between machines; only those that look at single nodes can be told without knowing every node's labels. */
function neighbourReasons(node: string, { machine, view }: Asked): readonly string[] {
  const machines = view.list('VirtualMachine', machine.metadata.namespace) ?? [];
  const onNode = machines.filter((other) => other !== machine && other.metadata.name !== machine.metadata.name && stringAt(other, 'status.nodeName') === node);
  const required = (rule: string) => listAt(machine, `spec.affinity.${rule}.requiredDuringSchedulingIgnoredDuringExecution`)
    .filter((term) => stringAt(term, 'topologyKey') === 'kubernetes.io/hostname' && valueAt(term, 'namespaceSelector') === undefined && listAt(term, 'namespaces').length === 0);
  const isSelected = (term: unknown, labels: Labels = {}) => fitsLabelSelector(valueAt(term, 'labelSelector'), labels);
  const repelling = required('virtualMachineAndPodAntiAffinity').flatMap((term) => onNode.filter(({ metadata }) => isSelected(term, metadata.labels)))[0];
  return repelling ? [t('It must not run beside "{0}".', repelling.metadata.name)] : [];
}

interface Used {
  readonly memory: bigint;
  readonly milliCores: number;
}

/** What the machines that can be seen ask for on each node: at least so much is taken. */
function usedOn(view: ClusterView): ReadonlyMap<string, Used> {
  const used = new Map<string, Used>();
  for (const machine of view.list('VirtualMachine') ?? []) {
    const node = stringAt(machine, 'status.nodeName');
    if (node !== undefined) {
      const { memory, milliCores } = used.get(node) ?? { memory: 0n, milliCores: 0 };
      used.set(node, { memory: memory + (memoryOf(machine)?.nano ?? 0n), milliCores: milliCores + (milliCoresOf(machine) ?? 0) });
    }
  }
  return used;
}

function resourceReasons(node: KubeObject, { machine, used }: Asked): readonly string[] {
  const { memory, milliCores } = used.get(node.metadata.name) ?? { memory: 0n, milliCores: 0 };
  const allocatable = parseQuantity(valueAt(node, 'status.allocatable.memory'));
  const needed = memoryOf(machine);
  const free: Quantity | undefined = allocatable && { nano: allocatable.nano > memory ? allocatable.nano - memory : 0n };
  const cpu = parseQuantity(valueAt(node, 'status.allocatable.cpu'));
  const freeMilli = cpu && Math.max(0, Number(cpu.nano / 1_000_000n) - milliCores);
  const neededMilli = milliCoresOf(machine);
  return [
    ...(free && needed && compareQuantities(needed, free) > 0 ? [t('Too little memory: {0} needed, at most {1} free.', formatBytes(needed), formatBytes(free))] : []),
    ...(freeMilli !== undefined && neededMilli !== undefined && neededMilli > freeMilli ? [t('Too few cores: {0} needed, at most {1} free.', neededMilli / 1000, freeMilli / 1000)] : []),
  ];
}

function memoryOf(machine: KubeObject): Quantity | undefined {
  const size = parseQuantity(valueAt(machine, 'spec.memory.size'));
  const overhead = parseQuantity(valueAt(machine, 'status.resources.memory.runtimeOverhead'));
  return size && { nano: size.nano + (overhead?.nano ?? 0n) };
}

/** What the scheduler counts: the guaranteed share of the cores. */
function milliCoresOf(machine: KubeObject): number | undefined {
  const requested = parseQuantity(valueAt(machine, 'status.resources.cpu.requestedCores'));
  if (requested && requested.nano > 0n) {
    return Number(requested.nano / 1_000_000n);
  }
  const cores = numberAt(machine, 'spec.cpu.cores');
  const share = Number.parseFloat(stringAt(machine, 'spec.cpu.coreFraction') ?? '100');
  return cores === undefined || Number.isNaN(share) ? undefined : Math.round(cores * share * 10);
}

const order: Readonly<Record<NodeVerdict['verdict'], number>> = { possible: 0, unknown: 1, current: 2, impossible: 3 };

function sorted(nodes: readonly NodeVerdict[]): readonly NodeVerdict[] {
  return [...nodes].sort((a, b) => order[a.verdict] - order[b.verdict] || a.name.localeCompare(b.name, 'en', { numeric: true }));
}
