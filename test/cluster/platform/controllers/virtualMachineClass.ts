import { isRecord, phaseOf, type KubeObject } from '../../../../src/domain/kubeObject';
import { listAt, stringAt } from '../../../../src/domain/values';
import type { Context, Controller, Step } from '../controller';
import { difference } from '../difference';
import { conditionsAfter, hasFinalizer, isDeleting, no, statusOf, unknown, withFinalizer, yes, type Fields, type Verdict } from '../objects';

const by = 'vmclass-controller';
const order = ['Discovered', 'Ready', 'InUse'];

/** Classes: which nodes fit them, and which machines keep them from going. */
export const virtualMachineClass: Controller = {
  kind: 'VirtualMachineClass',
  reconcile(vmClass, context) {
    if (isDeleting(vmClass)) {
      return deletion(vmClass, context);
    }
    const type = stringAt(vmClass, 'spec.cpu.type') ?? '';
    if (phaseOf(vmClass) === undefined) {
      const ready = type === 'Discovery' || type === 'Features' ? no('NoCpuFeaturesEnabled', 'No CPU features enabled.') : no('NoSuitableNodesFound', 'No matching nodes found.');
      return { status: classStatus(vmClass, 'Pending', unknown, ready, {}, context) };
    }
    if (!hasFinalizer(vmClass, 'vm-cleanup')) {
      return { metadata: withFinalizer(vmClass, 'vm-cleanup', true) };
    }
    return settle(vmClass, type, context);
  },
};

function settle(vmClass: KubeObject, type: string, context: Context): Step | undefined {
  const nodes = [...context.known.all('Node')].filter((node) => matches(node, vmClass)).map((node) => node.metadata.name).sort();
  const discovered = discovery(vmClass, type, context);
  const isDiscovered = discovered.reason !== 'DiscoveryFailed';
  const isReady = nodes.length > 0 && isDiscovered;
  const ready = isReady ? yes('SuitableNodesFound') : isDiscovered ? no('NoSuitableNodesFound', 'No matching nodes found.') : no('NoCpuFeaturesEnabled', 'No CPU features enabled.');
  const more = { ...(nodes.length > 0 ? { availableNodes: nodes } : { availableNodes: undefined }), ...(isReady ? { maxAllocatableResources: { cpu: '16', memory: '64Gi' } } : {}) };
  const status = classStatus(vmClass, isReady ? 'Ready' : 'Pending', discovered, ready, more, context);
  if (!difference(statusOf(vmClass), status)) {
    return undefined;
  }
  const old = listAt(vmClass, 'status.availableNodes').map(String);
  const added = nodes.filter((node) => !old.includes(node));
  const removed = old.filter((node) => !nodes.includes(node));
  const quoted = (names: readonly string[]) => `[${names.map((name) => `"${name}"`).join(' ')}]`;
  return {
    status,
    events: added.length + removed.length === 0 ? [] : [{ by, type: 'Normal', reason: 'NodesWereUpdated', message: `List of available nodes was updated, added nodes: ${quoted(added)}, removed nodes: ${quoted(removed)}` }],
  };
}

function discovery(vmClass: KubeObject, type: string, context: Context): Verdict {
  if (type !== 'Discovery') {
    return no('DiscoverySkip', `Discovery not needed for cpu.type "${type}"`);
  }
  const selector = isRecord(vmClass.spec) && isRecord(vmClass.spec['cpu']) && isRecord(vmClass.spec['cpu']['discovery']) ? vmClass.spec['cpu']['discovery']['nodeSelector'] : undefined;
  return [...context.known.all('Node')].some((node) => selects(selector, node.metadata.labels ?? {}))
    ? yes('DiscoverySucceeded')
    : no('DiscoveryFailed', "No nodes match the discovery nodeSelector, can't discover common CPU features.");
}

function matches(node: KubeObject, vmClass: KubeObject): boolean {
  return selects(isRecord(vmClass.spec) ? vmClass.spec['nodeSelector'] : undefined, node.metadata.labels ?? {});
}

/** A label selector as in Kubernetes; nothing selects everything. */
function selects(selector: unknown, labels: Readonly<Record<string, string>>): boolean {
  if (!isRecord(selector)) {
    return true;
  }
  const wanted = isRecord(selector['matchLabels']) ? Object.entries(selector['matchLabels']) : [];
  return wanted.every(([key, value]) => labels[key] === value) && listAt(selector, 'matchExpressions').filter(isRecord).every((expression) => {
    const key = String(expression['key']);
    const values = listAt(expression, 'values');
    switch (expression['operator']) {
      case 'Exists':
        return key in labels;
      case 'DoesNotExist':
        return !(key in labels);
      case 'NotIn':
        return !(key in labels) || !values.includes(labels[key]);
      default:
        return key in labels && values.includes(labels[key]);
    }
  });
}

function classStatus(vmClass: KubeObject, phase: string, discovered: Verdict, ready: Verdict, more: Fields, context: Context): Fields {
  return {
    ...statusOf(vmClass), ...more, phase, observedGeneration: vmClass.metadata.generation ?? 1, cpuFeatures: statusOf(vmClass)['cpuFeatures'] ?? {},
    conditions: conditionsAfter(vmClass, { Discovered: discovered, Ready: ready }, order, context.clock.now()),
  };
}

/** Machines that name a class keep it; the condition tells which. */
function deletion(vmClass: KubeObject, context: Context): Step | undefined {
  const users = [...context.known.by(`machine of class:${vmClass.metadata.name}`)].map(({ metadata }) => `${metadata.namespace}/${metadata.name}`).sort();
  const message = `VirtualMachineClass cannot be deleted, there is VM that use it: ${users.join(', ')}.`;
  const inUse = users.length > 0 ? yes('VirtualMachineClassInUse', message) : null;
  const status = {
    ...statusOf(vmClass), phase: 'Terminating', observedGeneration: vmClass.metadata.generation ?? 1,
    conditions: conditionsAfter(vmClass, { InUse: inUse }, order, context.clock.now()),
  };
  if (difference(statusOf(vmClass), status)) {
    return { status };
  }
  return users.length === 0 && hasFinalizer(vmClass, 'vm-cleanup') ? { metadata: withFinalizer(vmClass, 'vm-cleanup', false) } : undefined;
}

