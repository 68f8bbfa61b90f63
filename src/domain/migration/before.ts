import { t } from '@vscode/l10n';
import type { ClusterView } from '../clusterView';
import { conditionOf, type KubeObject, phaseOf } from '../kubeObject';
import { operations } from '../operations';
import { hasMigrate, isActive } from '../operations/machineOperation';
import type { ObjectRef } from '../treeNode';
import { listAt, stringAt } from '../values';
import { claimModes } from './disks';
import { type NodeAnswer, nodesFor } from './nodes';
import { policyOf, policyText } from './policy';

/** What stands in the way of a migration, or is worth knowing before it. */
export interface Obstacle {
  /** `unknown`: it may stand in the way, and cannot be read from here. */
  readonly severity: 'blocks' | 'unknown' | 'info';
  readonly text: string;
  readonly next?: string;
  readonly action?: ObstacleAction;
}

export interface ObstacleAction {
  /** `show`: open it; `cancel`: delete the operation, asking first; `start`: start the machine. */
  readonly does: 'show' | 'cancel' | 'start';
  readonly label: string;
  readonly ref: ObjectRef;
}

/** Whether a machine can migrate, why not, and where it could go. */
export interface Before {
  readonly isPossible: boolean;
  /** What blocks first. */
  readonly obstacles: readonly Obstacle[];
  readonly nodes: NodeAnswer;
  readonly policy: { readonly name: string; readonly text: string | undefined };
}

const order: Readonly<Record<Obstacle['severity'], number>> = { blocks: 0, unknown: 1, info: 2 };

/** Whether and where to a machine could migrate now; obstacles that block come first. */
export function beforeMigration(machine: KubeObject, view: ClusterView): Before {
  const nodes = nodesFor(machine, view);
  const name = policyOf(machine);
  const applies = operations[hasMigrate(view) ? 'vm.migrate' : 'vm.evict'].applies(machine, view);
  const found = [...stateObstacles(machine), ...operationObstacles(machine, view), ...diskObstacles(machine, view), ...deviceObstacles(machine), ...nodeObstacles(nodes)];
  const general = conditionOf(machine, 'Migratable');
  const isSaid = found.some(({ severity }) => severity === 'blocks');
  // The list of operations decides what is offered: what it refuses has a reason here, whatever else was found.
  const rest: readonly Obstacle[] = applies === true || isSaid ? [] : [{ severity: 'blocks', text: applies.because }];
  const unknown: readonly Obstacle[] = general?.status === 'True' || isSaid || applies !== true ? [] : [{ severity: 'unknown', text: t('The platform has not said yet whether the machine can migrate.') }];
  return {
    isPossible: applies === true, nodes, policy: { name, text: policyText(name) },
    obstacles: [...found, ...rest, ...unknown].sort((a, b) => order[a.severity] - order[b.severity]),
  };
}

/** What keeps a machine where it is, whichever nodes there are: only that, because many machines are asked. `undefined`: nothing that can be seen. */
export function whyBound(machine: KubeObject, view: ClusterView): Obstacle | undefined {
  return [...stateObstacles(machine), ...diskObstacles(machine, view), ...deviceObstacles(machine)].find(({ severity }) => severity === 'blocks');
}

function refOf({ kind, metadata: { name, namespace } }: KubeObject): ObjectRef {
  return { kind, name, namespace };
}

function stateObstacles(machine: KubeObject): readonly Obstacle[] {
  const { name, deletionTimestamp } = machine.metadata;
  const phase = phaseOf(machine);
  const found: Obstacle[] = [];
  if (deletionTimestamp !== undefined) {
    found.push({ severity: 'blocks', text: t('"{0}" is being deleted.', name) });
  }
  if (stringAt(machine, 'spec.runPolicy') === 'AlwaysOff') {
    found.push({ severity: 'blocks', text: t('The run policy of "{0}" is AlwaysOff: the platform does not move it. Change "runPolicy" first.', name), action: { does: 'show', label: t('Show YAML'), ref: refOf(machine) } });
  }
  if (phase !== 'Running' && phase !== 'Migrating') {
    const text = t('Only a running machine can be moved; "{0}" is {1}.', name, phase ?? t('new'));
    found.push(phase === 'Stopped' ? { severity: 'blocks', text, next: t('A stopped machine starts on whatever node has room.'), action: { does: 'start', label: t('Start'), ref: refOf(machine) } } : { severity: 'blocks', text });
  }
  return found;
}

function operationObstacles({ metadata: { name, namespace } }: KubeObject, view: ClusterView): readonly Obstacle[] {
  const known = view.referring('VirtualMachineOperation', 'VirtualMachine', name, namespace);
  if (!known) {
    return [{ severity: 'unknown', text: t('Whether another operation is working on the machine is not known: operations cannot be read.') }];
  }
  return known.filter(isActive).map((operation) => ({
    severity: 'blocks', text: t('"{0}" ({1}) is still working on "{2}". Wait until it ends or delete it.', operation.metadata.name, stringAt(operation, 'spec.type') ?? t('unknown type'), name),
    action: { does: 'cancel', label: t('Cancel it'), ref: refOf(operation) },
  }));
}

function diskObstacles(machine: KubeObject, view: ClusterView): readonly Obstacle[] {
  const disks = listAt(machine, 'status.blockDeviceRefs').filter((device) => stringAt(device, 'kind') === 'VirtualDisk').flatMap((device) => stringAt(device, 'name') ?? []);
  const isRefused = conditionOf(machine, 'Migratable')?.reason === 'VirtualMachineDisksNotMigratable' && conditionOf(machine, 'Migratable')?.status === 'False';
  const verdicts = disks.map((name) => ({ name, modes: claimModes(name, machine.metadata.namespace, view) }));
  const bound = verdicts.filter(({ modes }) => modes && !modes.includes('ReadWriteMany'));
  const unread = verdicts.filter(({ modes }) => modes === undefined);
  if (isRefused && bound.length === 0) {
    return [{ severity: 'blocks', text: t('A disk of the machine can be used on one node only. Which one cannot be read from here.'), next: t('Use a storage class whose volumes can be used on several nodes (ReadWriteMany).') }];
  }
  return [
    ...bound.map(({ name, modes }): Obstacle => ({
      severity: isRefused ? 'blocks' : 'info', text: t('Disk "{0}" can be used on one node only ({1}).', name, modes?.join(', ') ?? ''),
      next: t('Use a storage class whose volumes can be used on several nodes (ReadWriteMany).'),
      action: { does: 'show', label: t('Show disk'), ref: { kind: 'VirtualDisk', name, namespace: machine.metadata.namespace } },
    })),
    ...(unread.length > 0 && conditionOf(machine, 'Migratable')?.status !== 'True'
      ? [{ severity: 'unknown', text: t('How these disks can be used cannot be read from here: {0}.', unread.map(({ name }) => name).join(', ')) } as const] : []),
  ];
}

function deviceObstacles(machine: KubeObject): readonly Obstacle[] {
  const usb = listAt(machine, 'spec.usbDevices').flatMap((device) => stringAt(device, 'name') ?? []);
  const gpus = listAt(machine, 'spec.gpus').length;
  const isRefused = conditionOf(machine, 'Migratable')?.reason === 'VirtualMachineHostDevicesNotMigratable';
  return [
    ...(isRefused ? [{ severity: 'blocks', text: t('A device of its node is passed through to the machine: {0}.', [...usb, ...(gpus > 0 ? ['GPU'] : [])].join(', ') || t('which one cannot be read from here')), next: t('Detach the device, then migrate.') } as const] : []),
    ...(!isRefused && usb.length > 0 ? [{ severity: 'info', text: t('USB devices are detached while the machine moves: {0}.', usb.join(', ')) } as const] : []),
  ];
}

/** No possible node among all that were read is a certain reason; nothing read is none. */
function nodeObstacles({ source, nodes, why }: NodeAnswer): readonly Obstacle[] {
  if (source === 'none') {
    return [{ severity: 'unknown', text: [why, t('Where the machine could go is not known.')].filter(Boolean).join(' ') }];
  }
  const others = nodes.filter(({ verdict }) => verdict !== 'current');
  if (others.length === 0) {
    return [{ severity: source === 'nodes' ? 'blocks' : 'unknown', text: t('There is no other node for the class of the machine.') }];
  }
  return source === 'nodes' && others.every(({ verdict }) => verdict === 'impossible')
    ? [{ severity: 'blocks', text: t('No other node can take the machine.'), next: t('The list of nodes says what each of them lacks.') }] : [];
}

