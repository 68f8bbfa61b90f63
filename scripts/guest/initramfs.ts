import { globSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { run } from '../processes';
import { cpio, parentsOf, type Entry } from './cpio';
import { needsOf } from './elf';
import { init, texts } from './files';
import { newHostKey } from './hostKey';

/** Kernel modules in the order in which they need each other. */
const modules = [
  'drivers/virtio/virtio_ring', 'drivers/virtio/virtio', 'drivers/virtio/virtio_pci_modern_dev', 'drivers/virtio/virtio_pci_legacy_dev', 'drivers/virtio/virtio_pci',
  'drivers/block/virtio_blk', 'net/core/failover', 'drivers/net/net_failover', 'drivers/net/virtio_net',
  'drivers/input/evdev', 'drivers/acpi/button', 'drivers/misc/pvpanic/pvpanic', 'drivers/misc/pvpanic/pvpanic-pci',
];

/** Where each program lies in the packages, and where it belongs in the guest. */
const programs: readonly (readonly [string, string])[] = [['usr/sbin/dropbear', 'bin/dropbear'], ['usr/lib/openssh/sftp-server', 'usr/lib/sftp-server']];

/** The file system that the guest boots into, made of unpacked packages: everything that runs there is in it. */
export async function initramfs(packages: string): Promise<Buffer> {
  const busybox = path.join(packages, 'bin/busybox');
  const commands = (await run(busybox, ['--list'])).trim().split('\n').filter((name) => name !== 'busybox');
  const kernel = globSync(path.join(packages, 'lib/modules/*/kernel'))[0] ?? '';
  const moduleFiles = modules.map((name) => path.join(kernel, `${name}.ko`));
  return cpio(withParents([
    ...['dev', 'proc', 'sys', 'tmp', 'root', 'mnt', 'var/run', 'var/log'].map((folder): Entry => ({ type: 'folder', path: folder })),
    { type: 'device', path: 'dev/console', major: 5, minor: 1 },
    { type: 'device', path: 'dev/null', major: 1, minor: 3 },
    { type: 'link', path: 'sbin', to: 'bin' },
    { type: 'file', path: 'bin/busybox', data: readFileSync(busybox), isExecutable: true },
    ...commands.map((name): Entry => ({ type: 'link', path: `bin/${name}`, to: 'busybox' })),
    ...moduleFiles.map((file): Entry => ({ type: 'file', path: `lib/modules/${path.basename(file)}`, data: readFileSync(file) })),
    ...programs.map(([from, to]): Entry => ({ type: 'file', path: to, data: readFileSync(path.join(packages, from)), isExecutable: true })),
    ...librariesOf(packages),
    { type: 'file', path: 'etc/dropbear/host_key', data: newHostKey() },
    { type: 'file', path: 'init', data: init(moduleFiles.map((file) => path.basename(file))), isExecutable: true },
    ...texts.map(([file, data, isExecutable = false]): Entry => ({ type: 'file', path: file, data, isExecutable })),
  ]));
}

/** The libraries that the programs need, and those that these need; and the loader. */
function librariesOf(packages: string): readonly Entry[] {
  const available = new Map(globSync('{lib,usr/lib}/**/*.so*', { cwd: packages }).map((file) => [path.basename(file), path.join(packages, file)]));
  const found = new Map<string, Entry>();
  const take = (file: string) => {
    const { libraries, loader } = needsOf(readFileSync(file));
    for (const [name, target] of [...libraries.map((library) => [library, `lib/${library}`] as const), ...(loader ? [[path.basename(loader), loader.slice(1)] as const] : [])]) {
      const library = available.get(name);
      if (!library) {
        throw new Error(`No package has "${name}", which "${file}" needs.`);
      }
      if (!found.has(target)) {
        found.set(target, { type: 'file', path: target, data: readFileSync(resolved(library, packages)), isExecutable: true });
        take(resolved(library, packages));
      }
    }
  };
  programs.forEach(([from]) => take(path.join(packages, from)));
  return [...found.values()];
}

/** Links of packages may be absolute: then they mean their own root. */
function resolved(file: string, root: string): string {
  try {
    const to = readlinkSync(file);
    return to.startsWith('/') ? path.join(root, to) : realpathSync(file);
  } catch {
    return file;
  }
}

function withParents(entries: readonly Entry[]): readonly Entry[] {
  const folders = new Set(entries.filter(({ type }) => type === 'folder').map((entry) => entry.path));
  const missing = new Set(entries.flatMap((entry) => parentsOf(entry.path)).filter((folder) => !folders.has(folder)));
  return [...[...missing, ...folders].sort().map((folder): Entry => ({ type: 'folder', path: folder })), ...entries.filter(({ type }) => type !== 'folder')];
}
