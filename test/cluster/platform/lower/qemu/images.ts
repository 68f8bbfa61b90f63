import { accessSync, constants, existsSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

/** What guests boot: a kernel with its first file system, or a disk of which every machine gets a copy of its own. */
export type Images = { readonly kernel: string; readonly initrd: string } | { readonly disk: string };

/** Files that a user named; absent ones are those that `npm run guest` made, in the folder that `DVP_GUEST` names or the cache. */
export interface NamedImages {
  readonly kernel?: string | undefined;
  readonly initrd?: string | undefined;
  readonly disk?: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Where `npm run guest` puts what it makes. */
export function guestCache(environment: Environment = process.env): string {
  return path.join(environment['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache'), 'deckhouse-virtualization/guest');
}

/** The folder in the cache that was made last. */
export const latest = 'latest';

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
  const missing = (disk === undefined ? [kernel, initrd] : [disk]).filter((file) => !existsSync(file));
  const isNamed = Object.values(named).some((file) => file !== undefined);
  return missing.length === 0 ? undefined
    : isNamed ? `"${missing.join('" and "')}" cannot be found`
      : 'there is nothing to boot: run "npm run guest" (on Debian), or name --guest-kernel and --guest-initrd, or --guest-disk';
}

/** @throws Error that says what is missing */
export function imagesOf(named: NamedImages = {}, environment: Environment = process.env): Images {
  const why = whyNoQemu(named, environment);
  if (why !== undefined) {
    throw new Error(`No guests in QEMU: ${why}.`);
  }
  const { disk, kernel, initrd } = filesOf(named, environment);
  return disk === undefined ? { kernel, initrd } : { disk: path.resolve(disk) };
}

function filesOf(named: NamedImages, environment: Environment): { readonly kernel: string; readonly initrd: string; readonly disk: string | undefined } {
  const folder = environment['DVP_GUEST'] || path.join(guestCache(environment), latest);
  return { kernel: named.kernel ?? path.join(folder, 'vmlinuz'), initrd: named.initrd ?? path.join(folder, 'initramfs'), disk: named.disk };
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
