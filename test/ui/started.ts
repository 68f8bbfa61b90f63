import { readdir, readFile } from 'node:fs/promises';

/** Command lines of the processes in whose environment a text is: what was started from there, however far down; none where `/proc` does not tell. */
export async function startedWith(text: string): Promise<readonly string[]> {
  const names = await readdir('/proc').catch(() => []);
  const found = await Promise.all(names.filter((name) => /^\d+$/.test(name)).map(async (name) => {
    try {
      const [environment, command] = await Promise.all([readFile(`/proc/${name}/environ`, 'latin1'), readFile(`/proc/${name}/cmdline`, 'latin1')]);
      return environment.includes(text) ? [command.replaceAll('\0', ' ').trim()] : [];
    } catch {
      // Somebody else's, or gone meanwhile.
      return [];
    }
  }));
  // What has ended and was not asked about yet has none.
  return found.flat().filter((command) => command !== '');
}
