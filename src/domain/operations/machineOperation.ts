import { t } from '@vscode/l10n';
import type { ClusterView } from '../clusterView';
import { platformGroup } from '../kind';
import type { KubeObject } from '../kubeObject';
import { phaseOf } from '../kubeObject';
import type { Applicability, OperationRequest } from '../operations';
import { stringAt, valueAt } from '../values';

/** Types of `VirtualMachineOperation` that this product creates. */
export type OperationType = 'Start' | 'Stop' | 'Restart' | 'Migrate' | 'Evict';

/** Makes the sentence that says why not. Every row of the tree asks for all operations, and nobody reads most of the answers. */
export type Reason = () => string;

/** `because`: absent when nothing speaks against an operation. */
export function applicability(because: Reason | undefined): Applicability {
  return because === undefined ? true : new Refusal(because);
}

class Refusal {
  readonly #reason: Reason;

  constructor(reason: Reason) {
    this.#reason = reason;
  }

  get because(): string {
    return this.#reason();
  }
}

/** Longest name of a `VirtualMachineOperation` that we make: it is repeated in label values, which end at 63 characters. */
const longestName = 63;

/** The request that creates a `VirtualMachineOperation` for a machine, named `<machine>-<verb>-<unique>`. `more` goes into its spec. */
export function operationRequest(machine: KubeObject, type: OperationType, unique: string, view: ClusterView, more: Readonly<Record<string, unknown>> = {}): OperationRequest {
  const kind = view.kinds?.find(({ id }) => id === 'VirtualMachineOperation');
  return {
    verb: 'create',
    object: {
      apiVersion: `${platformGroup}/${kind?.version ?? 'v1alpha2'}`,
      kind: 'VirtualMachineOperation',
      metadata: {
        name: operationName(machine.metadata.name, type, unique),
        ...(machine.metadata.namespace === undefined ? {} : { namespace: machine.metadata.namespace }),
      },
      spec: { type, virtualMachineName: machine.metadata.name, ...more },
    },
  };
}

/** Shortens the machine's part when the whole would be longer than 63 characters. */
export function operationName(machine: string, type: OperationType, unique: string): string {
  const tail = `-${type.toLowerCase()}-${unique}`;
  return machine.slice(0, longestName - tail.length).replace(/[^a-z0-9]+$/, '') + tail;
}

/** Whether a `VirtualMachineOperation` still counts: one without a phase and one in deletion do (virtualization v1.10, recorded). */
export function isActive(operation: KubeObject): boolean {
  return !['Completed', 'Failed', 'Superseded'].includes(phaseOf(operation) ?? '');
}

/** Why a machine's active operations do not let one of `type` through; `undefined`: they do, or none is known. */
export function blockedBy(machine: KubeObject, type: OperationType, force: boolean, view: ClusterView): Reason | undefined {
  const blocking = activeOn(machine, view).find((operation) => !isAboutToEnd(operation, machine) && !(supersedes(view) && mayBeSuperseded(operation, type, force)));
  return blocking && (() => t('"{0}" ({1}) is still working on "{2}". Wait until it ends or delete it.',
    blocking.metadata.name, stringAt(blocking, 'spec.type') ?? t('unknown type'), machine.metadata.name));
}

/** The active operation that has done its work on a machine, while the platform has yet to write that it ended: until then it refuses another. */
export function aboutToEnd(machine: KubeObject, view: ClusterView): KubeObject | undefined {
  return activeOn(machine, view).find((operation) => isAboutToEnd(operation, machine));
}

function activeOn({ metadata: { name, namespace } }: KubeObject, view: ClusterView): readonly KubeObject[] {
  return (view.referring('VirtualMachineOperation', 'VirtualMachine', name, namespace) ?? []).filter(isActive);
}

/** Phases in which operations of a type have nothing left to do; a restart or a move ends in the phase it begins in. */
const lastPhases: Readonly<Record<string, string>> = { Start: 'Running', Stop: 'Stopped' };

function isAboutToEnd(operation: KubeObject, machine: KubeObject): boolean {
  const last = lastPhases[stringAt(operation, 'spec.type') ?? ''];
  return last !== undefined && last === phaseOf(machine) && operation.metadata.deletionTimestamp === undefined;
}

/** Active operation without force → what may take its place, `!` with force (all pairs recorded, virtualization v1.10). */
const successors: Readonly<Record<string, readonly string[]>> = {
  Start: ['Stop', 'Stop!'],
  Stop: ['Stop!', 'Restart!'],
  Restart: ['Stop!', 'Restart!'],
  Migrate: ['Stop', 'Stop!', 'Restart', 'Restart!'],
  Evict: ['Stop', 'Stop!', 'Restart', 'Restart!'],
};

function mayBeSuperseded(active: KubeObject, type: OperationType, force: boolean): boolean {
  if (phaseOf(active) === 'Terminating' || active.metadata.deletionTimestamp !== undefined) {
    return false;
  }
  const followers = valueAt(active, 'spec.force') === true ? undefined : successors[stringAt(active, 'spec.type') ?? ''];
  return followers?.includes(force ? `${type}!` : type) ?? false;
}

/** Modules that still serve `VirtualMachineRestore` (removed in v1.9) do not supersede (v1.10). */
function supersedes(view: ClusterView): boolean {
  return view.kinds === undefined || !view.kinds.some(({ id }) => id === 'VirtualMachineRestore');
}

/** Whether machines are moved by `Migrate`: module v0.17 warns about it, from v1.2 on (when snapshot operations came) it is the way. */
export function hasMigrate(view: ClusterView): boolean {
  return view.kinds === undefined || !view.kinds.some(({ id }) => id === 'VirtualMachineRestore')
    || view.kinds.some(({ id }) => id === 'VirtualMachineSnapshotOperation');
}

/** `d8 v <verb> <machine> -n <namespace>`. */
export function machineCommand(verb: string, machine: KubeObject, ...flags: readonly string[]): string {
  return ['d8', 'v', verb, machine.metadata.name, '-n', machine.metadata.namespace ?? 'default', ...flags].join(' ');
}
