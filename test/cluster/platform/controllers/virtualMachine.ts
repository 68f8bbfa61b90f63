import { phaseOf, type KubeObject } from '../../../../src/domain/kubeObject';
import { stringAt } from '../../../../src/domain/values';
import type { Context, Controller, NewEvent, Step } from '../controller';
import { difference } from '../difference';
import { pendingChanges, restartsItself } from './machineChanges';
import { addressOf, readinessOf, type Readiness } from './machineReadiness';
import { machineUidLabel } from '../indexes';
import { guestAnnotation } from '../lower/annotation';
import type { InternalMachine } from '../lower/lower';
import { conditionsAfter, hasFinalizer, isDeleting, ownerOf, statusOf, uidOf, withFinalizer } from '../objects';
import { firstStatus, isMade, nextStatus } from './machineStatus';
import { systemOperation } from './systemOperations';
import { isHeld } from '../rest';

const by = 'vm-controller';

/** Machines: their conditions, their address, their power policy, and the instance below them. */
export const virtualMachine: Controller = {
  kind: 'VirtualMachine',
  reconcile(machine, context) {
    if (isHeld(machine) && !isDeleting(machine)) {
      return undefined;
    }
    if (isDeleting(machine)) {
      return deletion(machine, context);
    }
    const internal = context.lower.machine(machine);
    const readiness = readinessOf(machine, context.known, internal.wanted);
    if (phaseOf(machine) === undefined) {
      return { status: firstStatus(machine, readiness, context) };
    }
    if (!hasFinalizer(machine, 'vm-cleanup')) {
      return { metadata: withFinalizer(machine, 'vm-cleanup', true) };
    }
    const step = policyStep(machine, internal, context) ?? labelled(machine, context);
    if (step) {
      return step;
    }
    const status = nextStatus(machine, internal, readiness, context);
    if (needsAddress(machine, context)) {
      return { status, create: [newAddress(machine)] };
    }
    if (difference(statusOf(machine), status)) {
      return { status, events: statusEvents(machine, readiness) };
    }
    return applyingChanges(machine, internal, context) ?? systemOperation(machine, internal, context) ?? starting(machine, internal, readiness, context);
  },
};

function statusEvents(machine: KubeObject, readiness: Readiness): readonly NewEvent[] {
  if (readiness.conditions['SizingPolicyMatched']?.reason === 'VirtualMachineClassNotFound') {
    return [{ by, type: 'Warning', reason: 'VirtualMachineClassNotReady', message: 'VirtualMachineClass not available: waiting for the VirtualMachineClass' }];
  }
  return isMade(machine) ? [] : [{ by, type: 'Normal', reason: 'VirtualMachineSynced', message: 'The virtual machine configuration successfully synced' }];
}

function needsAddress(machine: KubeObject, context: Context): boolean {
  return stringAt(machine, 'spec.virtualMachineIPAddressName') === undefined && addressOf(machine, context.known) === undefined;
}

function newAddress(machine: KubeObject) {
  return {
    apiVersion: machine.apiVersion, kind: 'VirtualMachineIPAddress',
    metadata: {
      generateName: `${machine.metadata.name}-`, namespace: machine.metadata.namespace,
      labels: { [machineUidLabel]: uidOf(machine) }, ownerReferences: [ownerOf(machine)],
    },
    spec: { type: 'Auto' },
  };
}

/** What the power policy demands by itself: a stop, a start, or the answer to a guest that ended on its own. */
function policyStep(machine: KubeObject, internal: InternalMachine, context: Context): Step | undefined {
  const policy = policyOf(machine);
  const { instance, wanted } = internal;
  if (policy === 'AlwaysOff' && wanted && instance?.stage === 'running') {
    return {
      events: [{ by, type: 'Normal', reason: 'Stopped', message: 'Stop initiated by controller to ensure AlwaysOff policy' }],
      then: () => {
        context.lower.want(machine, false, 'policy');
        context.lower.end(machine, 'stop', false);
      },
    };
  }
  if (policy === 'AlwaysOn' && !wanted && !instance) {
    return { then: () => context.lower.want(machine, true, 'policy') };
  }
  if (instance?.stage === 'finished' && wanted && internal.because !== 'restart' && internal.because !== 'guest' && internal.because !== 'operation') {
    return afterGuest(machine, policy, instance.ending ?? 'stop', context);
  }
  return undefined;
}

/** Who looks at a machine shall see whether its guest is real. */
function labelled(machine: KubeObject, context: Context): Step | undefined {
  const kind = context.lower.guest(machine)?.kind === 'qemu' ? 'qemu' : undefined;
  return machine.metadata.annotations?.[guestAnnotation] === kind ? undefined : { metadata: { annotations: { [guestAnnotation]: kind ?? null } } };
}

/** A guest that ended although nobody told the machine to: by its own shutdown, its own reset, or a kill for a restart. */
function afterGuest(machine: KubeObject, policy: string, ending: string, context: Context): Step {
  const restarts: Readonly<Record<string, string>> = {
    shutdown: `Restart initiated by controller after stopping from inside the guest VirtualMachine for ${policy} runPolicy`,
    reset: `Restart initiated by inside the guest VirtualMachine for ${policy} runPolicy`,
    crash: `Restart initiated by controller after observing failed guest VirtualMachine for ${policy} runPolicy`,
  };
  const isShutdown = ending === 'shutdown' || !(ending in restarts);
  if (isShutdown && policy !== 'AlwaysOn') {
    return {
      events: [{ by, type: 'Normal', reason: 'Stopped', message: 'Stop initiated from inside the guest VirtualMachine' }],
      then: () => context.lower.want(machine, false, 'guest'),
    };
  }
  return {
    events: [{ by, type: 'Normal', reason: 'Restarted', message: restarts[ending] ?? restarts['shutdown'] ?? '' }],
    then: () => context.lower.want(machine, true, 'guest'),
  };
}

/** A machine that may restart by itself does so as soon as something waits for it. */
function applyingChanges(machine: KubeObject, internal: InternalMachine, context: Context): Step | undefined {
  const { instance } = internal;
  if (!restartsItself(machine) || instance?.stage !== 'running' || instance.stopping || (pendingChanges(machine, internal) ?? []).length === 0) {
    return undefined;
  }
  return {
    events: [
      { by, type: 'Normal', reason: 'ChangesApplied', message: 'Apply disruptive changes with restart' },
      { by, type: 'Normal', reason: 'Restarted', message: 'Restart initiated by controller to apply changes' },
    ],
    then: () => {
      context.lower.want(machine, true, 'restart');
      context.lower.end(machine, 'restart', false);
    },
  };
}

/** Makes the instance when all is there and none exists any more. */
function starting(machine: KubeObject, internal: InternalMachine, readiness: Readiness, context: Context): Step | undefined {
  if (!internal.wanted || internal.instance || internal.creating || !readiness.canStart) {
    return undefined;
  }
  const policy = policyOf(machine);
  const message = internal.because === 'creation' && policy !== 'AlwaysOn'
    ? `Start on create initiated by controller for ${policy} policy`
    : `Start initiated by controller for ${policy} policy`;
  return {
    events: internal.because === 'restart' || internal.because === 'guest' ? [] : [{ by, type: 'Normal', reason: 'Started', message }],
    then: () => context.lower.create(machine),
  };
}

function deletion(machine: KubeObject, context: Context): Step | undefined {
  if (phaseOf(machine) !== 'Terminating') {
    const conditions = conditionsAfter(machine, { ConfigurationApplied: null, SizingPolicyMatched: null }, [], context.clock.now());
    return { status: { ...statusOf(machine), phase: 'Terminating', conditions } };
  }
  const { instance, wanted } = context.lower.machine(machine);
  if (wanted) {
    return { then: () => {
      context.lower.want(machine, false, 'policy');
      context.lower.end(machine, 'stop', false);
    } };
  }
  const hasAddress = stringAt(addressOf(machine, context.known), 'status.virtualMachineName') === machine.metadata.name;
  if (instance || hasAddress || !hasFinalizer(machine, 'vm-cleanup')) {
    return undefined;
  }
  return { metadata: withFinalizer(machine, 'vm-cleanup', false), then: () => context.lower.forget(machine) };
}

function policyOf(machine: KubeObject): string {
  return stringAt(machine, 'spec.runPolicy') ?? 'AlwaysOnUnlessStoppedManually';
}
