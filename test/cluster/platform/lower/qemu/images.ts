import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';

/** What guests boot: a kernel with its first file system, or a disk of which every machine gets a copy of its own. */
export type Images = { readonly kernel: string; readonly initrd: string } | { readonly disk: string };

/** Files that a user named; absent ones come from the environment: `DVP_GUEST` is a folder made by `npm run guest`. */
export interface NamedImages {
  readonly kernel?: string | undefined;
  readonly initrd?: string | undefined;
  readonly disk?: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

export const program = 'qemu-system-x86_64';

/** Why there can be no guests in QEMU here; undefined when there can. */
export function whyNoQemu(named: NamedImages = {}, environment: Environment = process.env): string | undefined {
  if (process.platform === 'win32') {
    return 'QEMU is controlled through sockets that Windows does not have';
  }
  if (!(environment['PATH'] ?? '').split(path.delimiter).some((folder) => isProgram(path.join(folder, program)))) {
    return `there is no ${program} in PATH (Debian: apt-get install --no-install-recommends qemu-system-x86)`;
  }
  const { disk, kernel, initrd } = filesOf(named, environment);
  if (disk === undefined && (kernel === undefined || initrd === undefined)) {
    return 'there is nothing to boot: run "npm run guest" and set DVP_GUEST to the folder it prints, or name --guest-kernel and --guest-initrd, or --guest-disk';
  }
  const missing = (disk === undefined ? [kernel, initrd] : [disk]).filter((file) => !existsSync(file ?? ''));
  return missing.length > 0 ? `"${missing.join('" and "')}" cannot be found` : undefined;
}

/** @throws Error that says what is missing */
export function imagesOf(named: NamedImages = {}, environment: Environment = process.env): Images {
  const why = whyNoQemu(named, environment);
  if (why !== undefined) {
    throw new Error(`No guests in QEMU: ${why}.`);
  }
  const { disk, kernel = '', initrd = '' } = filesOf(named, environment);
  return disk === undefined ? { kernel, initrd } : { disk: path.resolve(disk) };
}

function filesOf(named: NamedImages, environment: Environment): NamedImages {
  const folder = environment['DVP_GUEST'];
  const made = folder === undefined || folder === '' ? {} : { kernel: path.join(folder, 'vmlinuz'), initrd: path.join(folder, 'initramfs') };
  return { kernel: named.kernel ?? made.kernel, initrd: named.initrd ?? made.initrd, disk: named.disk };
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
