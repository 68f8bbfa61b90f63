// `npm run guest`: makes the kernel and the file system that machines of the embedded cluster boot with `--guest qemu`.
// Prints their folder last: export it as DVP_GUEST. What is there already is not made again.
import { createHash } from 'node:crypto';
import { existsSync, globSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
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
  const cache = process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache');
  const folder = wanted ?? path.join(cache, 'deckhouse-virtualization/guest', await recipe());
  if (['vmlinuz', 'initramfs'].every((name) => existsSync(path.join(folder, name)))) {
    return folder;
  }
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
    return folder;
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
