import { existsSync } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import type { GuestDisk } from '../hypervisor';
import type { Qmp } from './qmp';

/** A disk at its place in a guest: the same place in both processes of a migration. */
export interface PluggedDisk {
  readonly id: string;
  /** On the guest's PCI bus. */
  readonly slot: number;
  readonly file: string;
  readonly format: 'raw' | 'qcow2';
  readonly isReadOnly: boolean;
}

/** What QEMU and the guest's fixed devices leave free on the bus. */
const slots = Array.from({ length: 0x1f - 5 }, (_, index) => index + 5);

/** A guest that boots, or has no driver, does not answer when a disk is to go; QEMU asks it anew after five seconds. */
const unplugAttempts = 6;
const unplugMs = 5500;

/** The first free place for a disk whose content is in `file`. @throws Error when the guest has no place left */
export function placed(disk: GuestDisk, file: Pick<PluggedDisk, 'file' | 'format'>, taken: readonly PluggedDisk[]): PluggedDisk {
  const slot = slots.find((each) => taken.every((other) => other.slot !== each));
  if (slot === undefined) {
    throw new Error(`the guest has no place for more than ${slots.length} disks`);
  }
  return { id: disk.id, slot, ...file, isReadOnly: disk.isReadOnly };
}

/** An empty disk's file; what was written to it before is still there. */
export async function emptyDisk(folder: string, { id, sizeBytes }: GuestDisk): Promise<Pick<PluggedDisk, 'file' | 'format'>> {
  const file = path.join(folder, `${id}.raw`);
  if (!existsSync(file)) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const handle = await open(file, 'w', 0o600);
    await handle.truncate(sizeBytes);
    await handle.close();
  }
  return { file, format: 'raw' };
}

/** A disk that begins as `base` and keeps its own changes. */
export async function overlay(qmp: Qmp, folder: string, id: string, base: string): Promise<Pick<PluggedDisk, 'file' | 'format'>> {
  const file = path.join(folder, `${id}.qcow2`);
  if (!existsSync(file)) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const baseFormat = await formatOf(base);
    await qmp.command('blockdev-add', { driver: baseFormat, 'node-name': 'base', 'read-only': true, file: { driver: 'file', filename: base } });
    const nodes = await qmp.command<{ 'node-name': string; image: { 'virtual-size': number } }[]>('query-named-block-nodes', { flat: true });
    const size = nodes.find((node) => node['node-name'] === 'base')?.image['virtual-size'] ?? 0;
    await create(qmp, { driver: 'file', filename: file, size: 0 });
    await qmp.command('blockdev-add', { driver: 'file', 'node-name': 'overlay', filename: file });
    await create(qmp, { driver: 'qcow2', file: 'overlay', size, 'backing-file': base, 'backing-fmt': baseFormat });
    await qmp.command('blockdev-del', { 'node-name': 'overlay' });
    await qmp.command('blockdev-del', { 'node-name': 'base' });
  }
  return { file, format: 'qcow2' };
}

export async function plugIn(qmp: Qmp, { id, slot, file, format, isReadOnly }: PluggedDisk): Promise<void> {
  await qmp.command('blockdev-add', { driver: format, 'node-name': nodeOf(slot), 'read-only': isReadOnly, file: { driver: 'file', filename: file } });
  try {
    await qmp.command('device_add', { driver: 'virtio-blk-pci', id: deviceOf(slot), drive: nodeOf(slot), bus: 'pci.0', addr: `0x${slot.toString(16)}`, serial: id.slice(0, 20) });
  } catch (error) {
    await qmp.command('blockdev-del', { 'node-name': nodeOf(slot) });
    throw error;
  }
}

/** Resolves when the guest has let it go. @throws Error when it does not */
export async function pullOut(qmp: Qmp, { slot }: PluggedDisk): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const gone = qmp.next(({ event, data }) => event === 'DEVICE_DELETED' && data?.['device'] === deviceOf(slot), unplugMs);
    gone.catch(() => undefined);
    await qmp.command('device_del', { id: deviceOf(slot) });
    try {
      await gone;
      break;
    } catch (error) {
      if (attempt === unplugAttempts) {
        throw error;
      }
    }
  }
  await qmp.command('blockdev-del', { 'node-name': nodeOf(slot) });
}

const nodeOf = (slot: number) => `disk${slot}`;
const deviceOf = (slot: number) => `device${slot}`;

async function create(qmp: Qmp, options: object): Promise<void> {
  const done = qmp.next(({ event, data }) => event === 'JOB_STATUS_CHANGE' && data?.['id'] === 'create' && data['status'] === 'concluded', 30_000);
  done.catch(() => undefined);
  await qmp.command('blockdev-create', { 'job-id': 'create', options });
  await done;
  const [job] = await qmp.command<{ error?: string }[]>('query-jobs');
  await qmp.command('job-dismiss', { id: 'create' });
  if (job?.error !== undefined) {
    throw new Error(job.error);
  }
}

async function formatOf(file: string): Promise<'raw' | 'qcow2'> {
  const handle = await open(file, 'r');
  try {
    const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.toString('latin1') === 'QFI\xfb' ? 'qcow2' : 'raw';
  } finally {
    await handle.close();
  }
}
