import { chmod, chown, mkdir, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The text of a configuration file of the user; empty when there is none. */
export async function readConfig(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return '';
    }
    throw error;
  }
}

/**
 * Writes a configuration file at once or not at all, keeping owner, rights and a link to it; a new one is for its owner only.
 * False when it no longer holds `before`: somebody else has written it meanwhile.
 */
export async function replaceConfig(file: string, before: string, text: string): Promise<boolean> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const actual = await realpath(file).catch(() => file);
  const known = await stat(actual).catch(() => undefined);
  const temporary = `${actual}.${process.pid}.dvp`;
  const mode = known ? known.mode & 0o7777 : 0o600;
  try {
    const handle = await open(temporary, 'w', mode);
    try {
      await handle.writeFile(text, 'utf8');
      await handle.sync();
    } finally {
      await handle.close();
    }
    await chmod(temporary, mode);
    if (known && process.getuid && known.uid !== process.getuid()) {
      await chown(temporary, known.uid, known.gid);
    }
    if (await readConfig(actual) !== before) {
      return false;
    }
    await rename(temporary, actual);
    return true;
  } finally {
    await rm(temporary, { force: true });
  }
}
