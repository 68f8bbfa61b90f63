// `npm run guest`: makes the kernel and the file system that machines of the embedded cluster boot with `--guest qemu`.
// Prints their folder last. What is there already is not made again, and where no folder is named they are found by themselves.
import { createHash } from 'node:crypto';
import { existsSync, globSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { guestCache, latest } from '../../test/cluster/platform/lower/qemu/images';
import { initramfs } from './initramfs';
import { fetchPackages } from './packages';

try {
  console.log(await guestFolder(process.argv[2]));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

/** The folder with `vmlinuz` and `initramfs`; made when it is not there. Another recipe makes another folder. */
async function guestFolder(wanted: string | undefined): Promise<string> {
  const folder = wanted === undefined ? path.join(guestCache(), await recipe()) : path.resolve(wanted);
  if (['vmlinuz', 'initramfs'].some((name) => !existsSync(path.join(folder, name)))) {
    await make(folder);
  }
  if (wanted === undefined) {
    const link = path.join(guestCache(), `latest-${process.pid}`);
    await symlink(folder, link);
    await rename(link, path.join(guestCache(), latest));
  }
  return folder;
}

async function make(folder: string): Promise<void> {
  console.error('Fetching Debian\'s packages and making the guest …');
  await mkdir(path.dirname(folder), { recursive: true });
  const work = await mkdtemp(path.join(tmpdir(), 'dvp-guest-'));
  try {
    const packages = path.join(work, 'unpacked');
    await fetchPackages(packages);
    const made = path.join(path.dirname(folder), `part-${path.basename(work)}`);
    await mkdir(made, { mode: 0o700 });
    await copyFile(globSync(path.join(packages, 'boot/vmlinuz-*'))[0] ?? '', path.join(made, 'vmlinuz'));
    await writeFile(path.join(made, 'initramfs'), await initramfs(packages));
    // Moved into place when it is whole; another run may have been faster.
    await rename(made, folder).catch(() => rm(made, { recursive: true }));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function recipe(): Promise<string> {
  const names = (await readdir(import.meta.dirname)).sort();
  const hash = createHash('sha256');
  for (const name of names) {
    hash.update(await readFile(path.join(import.meta.dirname, name)));
  }
  return hash.digest('hex').slice(0, 12);
}
