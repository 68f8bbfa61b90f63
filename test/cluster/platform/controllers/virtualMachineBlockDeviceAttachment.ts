import { phaseOf, type KubeObject } from '../../../../src/domain/kubeObject';
import { stringAt } from '../../../../src/domain/values';
import type { Context, Controller, Step } from '../controller';
import { difference } from '../difference';
import { devicesOf } from '../indexes';
import { conditionsAfter, hasFinalizer, isDeleting, no, statusOf, unknown, withFinalizer, yes, type ConditionChanges, type Verdict } from '../objects';
import { isHeld } from '../rest';

const order = ['DiskAttachmentCapacityAvailableType', 'BlockDeviceReady', 'VirtualMachineReady', 'Attached'];

/** Attachments: a device joins a running machine, and leaves it when the attachment goes or the machine stops. */
export const virtualMachineBlockDeviceAttachment: Controller = {
  kind: 'VirtualMachineBlockDeviceAttachment',
  reconcile(attachment, context) {
    if (isDeleting(attachment)) {
      return deletion(attachment, context);
    }
    if (isHeld(attachment) || phaseOf(attachment) === 'Failed') {
      return undefined;
    }
    const next = statusAfter(attachment, context);
    if (difference(statusOf(attachment), next)) {
      return { status: next };
    }
    return hasFinalizer(attachment, 'vmbda-cleanup') ? undefined : { metadata: withFinalizer(attachment, 'vmbda-cleanup', true) };
  },
};

function statusAfter(attachment: KubeObject, context: Context) {
  const machine = context.known.get('VirtualMachine', stringAt(attachment, 'spec.virtualMachineName') ?? '', attachment.metadata.namespace);
  const device = deviceVerdict(attachment, context);
  const runs = machineVerdict(attachment, machine);
  const { phase, verdict } = attaching(attachment, machine, device, runs, context);
  const conditions: ConditionChanges = { DiskAttachmentCapacityAvailableType: yes('CapacityAvailable'), BlockDeviceReady: device, VirtualMachineReady: runs, Attached: verdict };
  return {
    ...statusOf(attachment), phase, observedGeneration: attachment.metadata.generation ?? 1,
    ...(phase === 'Attached' ? { virtualMachineName: machine?.metadata.name } : {}),
    conditions: conditionsAfter(attachment, conditions, order, context.clock.now()),
  };
}

function deviceVerdict(attachment: KubeObject, context: Context): Verdict {
  const { kind, name } = deviceOf(attachment);
  const { namespace } = attachment.metadata;
  const full = `${kind} "${kind === 'ClusterVirtualImage' ? name : `${namespace}/${name}`}"`;
  const device = context.known.get(kind, name, kind === 'ClusterVirtualImage' ? undefined : namespace);
  if (!device) {
    return no('BlockDeviceNotReady', `${full} not found.`);
  }
  if (isDeleting(device)) {
    return no('BlockDeviceNotReady', `${full} is being deleted. Delete VirtualMachineBlockDeviceAttachment to detach disk from the VirtualMachine.`);
  }
  const isReady = phaseOf(device) === 'Ready' || (kind === 'VirtualDisk' && ['WaitForFirstConsumer', 'Resizing'].includes(phaseOf(device) ?? ''));
  return isReady ? yes('BlockDeviceReady') : no('BlockDeviceNotReady', `${full} is not ready to be attached to the virtual machine: waiting for the ${kind} to be ready for attachment.`);
}

function machineVerdict(attachment: KubeObject, machine: KubeObject | undefined): Verdict {
  const full = `VirtualMachine "${attachment.metadata.namespace}/${stringAt(attachment, 'spec.virtualMachineName')}"`;
  if (!machine) {
    return no('VirtualMachineNotReady', `${full} not found.`);
  }
  const phase = phaseOf(machine) ?? 'Pending';
  if (phase === 'Running' || phase === 'Migrating') {
    return yes('VirtualMachineReady');
  }
  return phase === 'Pending' ? no('VirtualMachineNotReady', `Waiting for the ${full} to be Running.`) : no('NotAttached', `${full} is ${phase}: waiting for the VirtualMachine to be Running.`);
}

function attaching(attachment: KubeObject, machine: KubeObject | undefined, device: Verdict, runs: Verdict, context: Context): { readonly phase: string; readonly verdict: Verdict } {
  if (device.status !== 'True') {
    return { phase: 'Pending', verdict: no('NotAttached', 'Waiting for block device to be ready.') };
  }
  if (!machine || runs.status !== 'True') {
    context.lower.forgetWork(attachment);
    return { phase: 'Pending', verdict: no('NotAttached', 'Waiting for virtual machine to be ready.') };
  }
  const { kind, name } = deviceOf(attachment);
  if (devicesOf(machine).some((one) => one.kind === kind && one.name === name)) {
    return { phase: 'Failed', verdict: no('Conflict', 'Block device is already attached to the virtual machine spec: virtual machine has a block device reference, but it is not a hot-plugged volume') };
  }
  if (phaseOf(attachment) === 'Attached' || (phaseOf(attachment) === 'InProgress' && context.lower.work(attachment, 'claim').stage === 'done')) {
    return { phase: 'Attached', verdict: yes('Attached') };
  }
  return { phase: 'InProgress', verdict: no('AttachmentRequestSent', 'Attachment request has been sent: attachment is in progress.') };
}

/** The device that an attachment names. */
export function deviceOf(attachment: KubeObject): { readonly kind: string; readonly name: string } {
  return { kind: stringAt(attachment, 'spec.blockDeviceRef.kind') ?? 'VirtualDisk', name: stringAt(attachment, 'spec.blockDeviceRef.name') ?? '' };
}

function deletion(attachment: KubeObject, context: Context): Step | undefined {
  if (phaseOf(attachment) !== 'Terminating') {
    const conditions = conditionsAfter(attachment, { DiskAttachmentCapacityAvailableType: { ...unknown, reason: 'CapacityUnknown' }, BlockDeviceReady: unknown, VirtualMachineReady: unknown, Attached: unknown }, order, context.clock.now());
    return { status: { ...statusOf(attachment), phase: 'Terminating', observedGeneration: attachment.metadata.generation ?? 1, conditions } };
  }
  return hasFinalizer(attachment, 'vmbda-cleanup') ? { metadata: withFinalizer(attachment, 'vmbda-cleanup', false), then: () => context.lower.forgetWork(attachment) } : undefined;
}
