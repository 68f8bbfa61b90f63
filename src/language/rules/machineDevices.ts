import type { KubeObject } from '../../domain/kubeObject';
import { listAt, stringAt, valueAt, type Path } from '../../domain/values';
import type { JsonObject } from '../prune';
import type { AdmissionRule, Facts, Outcome } from '../rule';
import { isUnchanged } from './unchanged';

/** Most block devices of a machine, those of its attachments included; virtualization v1.10, `VmBlockDeviceAttachedLimit`. */
export const largestDeviceCount = 16;

export interface DeviceReference {
  readonly kind: string;
  readonly name: string;
  readonly path: Path;
}

/** `spec.blockDeviceRefs` in its order; what is missing in an element is empty. */
export function devicesOf(object: JsonObject | undefined): readonly DeviceReference[] {
  return listAt(object, 'spec.blockDeviceRefs').map((item, index) => ({
    kind: stringAt(item, 'kind') ?? '', name: stringAt(item, 'name') ?? '', path: ['spec', 'blockDeviceRefs', index],
  }));
}

/** The attachments of the namespace that name this machine; `undefined` while that is not known. */
function attachmentsOf(object: JsonObject, facts: Facts): readonly KubeObject[] | undefined {
  const name = stringAt(object, 'metadata.name');
  return facts.list('VirtualMachineBlockDeviceAttachment', stringAt(object, 'metadata.namespace'))
    ?.filter((attachment) => stringAt(attachment, 'spec.virtualMachineName') === name);
}

export const duplicateDevice: AdmissionRule = {
  code: 'platform/duplicate-device',
  *check({ object }) {
    const seen = new Set<string>();
    for (const { kind, name, path } of devicesOf(object)) {
      if (seen.has(`${kind}/${name}`)) {
        yield { deny: `cannot specify the same block device reference more than once: ${kind} with name "${name}" has a duplicate reference`, path: [...path, 'name'] };
      }
      seen.add(`${kind}/${name}`);
    }
  },
};

export const duplicateBootOrder: AdmissionRule = {
  code: 'platform/duplicate-boot-order',
  *check({ object }) {
    const taken = new Map<unknown, DeviceReference>();
    for (const device of devicesOf(object)) {
      const order = valueAt(listAt(object, 'spec.blockDeviceRefs')[Number(device.path.at(-1))], 'bootOrder');
      const first = taken.get(order);
      if (typeof order === 'number' && first) {
        yield { deny: `duplicate bootOrder ${order}: already used by ${first.kind}/${first.name}, conflicts with ${device.kind} "${device.name}"`, path: [...device.path, 'bootOrder'] };
      } else {
        taken.set(order, device);
      }
    }
  },
};

export const hotplugWithoutParavirtualization: AdmissionRule = {
  code: 'platform/hotplug-without-paravirtualization',
  *check({ object, before }) {
    if (before && valueAt(object, 'spec.enableParavirtualization') === false && !haveSameDevices(before, object)) {
      yield { warn: 'Hot-plugging block devices with enableParavirtualization=false is not supported. Restart the VM to apply changes.', path: ['spec', 'blockDeviceRefs'] };
    }
  },
};

export const tooManyDevices: AdmissionRule = {
  code: 'platform/too-many-devices',
  *check({ object, facts }) {
    const attachments = attachmentsOf(object, facts)?.length ?? 0;
    const count = devicesOf(object).length + attachments;
    if (count > largestDeviceCount) {
      yield { deny: deviceLimitText(stringAt(object, 'metadata.name') ?? '', count), path: ['spec', 'blockDeviceRefs'] };
    }
  },
};

/** The platform's own words. */
export function deviceLimitText(machine: string, count: number): string {
  return `block device attached to VirtualMachine "${machine}" limit reached: ${count} devices found, ${largestDeviceCount} is maximum`;
}

export const firstDeviceNotBootable: AdmissionRule = {
  code: 'platform/first-device-not-bootable',
  *check({ object, before, facts }) {
    const [first] = devicesOf(object);
    if (!first || isUnchanged({ object, before }, 'spec.blockDeviceRefs')) {
      return;
    }
    const image = first.kind === 'VirtualImage' ? facts.get('VirtualImage', first.name, stringAt(object, 'metadata.namespace'))
      : first.kind === 'ClusterVirtualImage' ? facts.get('ClusterVirtualImage', first.name) : undefined;
    if (image && stringAt(image, 'status.phase') === 'Ready' && valueAt(image, 'status.cdrom') !== true) {
      yield { deny: `a non-CDROM ${first.kind} cannot occupy the first position in block devices: ${first.kind} ${first.name} is not CDROM`, path: [...first.path, 'name'] };
    }
  },
};

export const usbDevices: AdmissionRule = {
  code: 'platform/usb-devices',
  *check({ object, before, facts }) {
    const names = listAt(object, 'spec.usbDevices').map((device) => stringAt(device, 'name') ?? '');
    if (names.length > 0 && facts.settings.usb === false && !isUnchanged({ object, before }, 'spec.usbDevices')) {
      yield { deny: 'USB device attachment requires Kubernetes version 1.34 or newer and enabled DRA feature gates', path: ['spec', 'usbDevices'] };
    }
    for (const [index, name] of names.entries()) {
      if (names.indexOf(name) < index) {
        yield { deny: `USB device "${name}" is listed more than once in spec.usbDevices`, path: ['spec', 'usbDevices', index, 'name'] };
      }
    }
  },
};

export const deviceAlreadyAttached: AdmissionRule = {
  code: 'platform/device-already-attached',
  *check({ object, before, facts }): Iterable<Outcome> {
    const attachments = attachmentsOf(object, facts)?.filter((attachment) => stringAt(attachment, 'status.phase') !== 'Terminating') ?? [];
    const old = new Set(devicesOf(before).map(({ kind, name }) => `${kind}/${name}`));
    for (const { kind, name, path } of devicesOf(object)) {
      const attachment = attachments.find((each) => stringAt(each, 'spec.blockDeviceRef.kind') === kind && stringAt(each, 'spec.blockDeviceRef.name') === name);
      if (attachment && !old.has(`${kind}/${name}`)) {
        yield {
          deny: `block device ${kind} "${name}" is already attached to the virtual machine via VirtualMachineBlockDeviceAttachment "${attachment.metadata.name}"`,
          path: [...path, 'name'],
        };
      }
    }
  },
};

/** Whether the list of devices names the same ones, in whatever order. */
function haveSameDevices(a: JsonObject, b: JsonObject): boolean {
  const names = (object: JsonObject) => [...new Set(devicesOf(object).map(({ kind, name }) => `${kind}/${name}`))].sort().join(' ');
  return names(a) === names(b);
}
