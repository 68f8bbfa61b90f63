import { existsSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { run } from '../processes';

/** The kernel is small and knows virtual devices only; this package names the newest one. */
const kernelMeta = 'linux-image-cloud-amd64';

/** The programs of the guest, and the libraries that the last two need. */
const programs = ['busybox-static', 'dropbear-bin', 'openssh-sftp-server', 'libc6', 'libcrypt1', 'libgmp10', 'libtomcrypt1', 'libtommath1', 'zlib1g'];

/** Fetches Debian's packages and unpacks them below `folder`, without installing anything. @throws Error when this is not Debian or its mirrors do not answer */
export async function fetchPackages(folder: string): Promise<void> {
  if (!existsSync('/etc/debian_version') || process.arch !== 'x64') {
    throw new Error('The guest is made of Debian\'s packages, on Debian for amd64. Elsewhere name your own: --guest-kernel and --guest-initrd, or --guest-disk.');
  }
  const downloads = path.join(folder, '..', 'packages');
  await mkdir(downloads, { recursive: true });
  await download(downloads).catch(async () => {
    // Without package lists, as in a fresh container, or with old ones.
    await run('apt-get', ['update'], { timeoutMs: 120_000 });
    await download(downloads);
  });
  for (const name of (await readdir(downloads)).filter((each) => each.endsWith('.deb'))) {
    await run('dpkg', ['-x', path.join(downloads, name), folder]);
  }
}

async function download(folder: string): Promise<void> {
  const kernel = /Depends: (linux-image-\S+)/.exec(await run('apt-cache', ['depends', kernelMeta], { timeoutMs: 60_000 }))?.[1];
  if (kernel === undefined) {
    throw new Error(`apt knows no "${kernelMeta}".`);
  }
  await run('apt-get', ['download', kernel, ...programs], { cwd: folder, timeoutMs: 300_000 });
}
