import { readdir, readFile } from 'node:fs/promises';

export interface Process { readonly pid: number; readonly parent: number; readonly residentBytes: number; readonly command: readonly string[] }

/** As Linux counts on all machines that we know of. */
const pageBytes = 4096;

/** The processes that this one has started, and those that they have; none where `/proc` does not tell. */
export async function descendants(): Promise<readonly Process[]> {
  const all = await processes();
  const ours = new Set([process.pid]);
  for (let before = 0; before !== ours.size;) {
    before = ours.size;
    all.filter(({ parent }) => ours.has(parent)).forEach(({ pid }) => ours.add(pid));
  }
  return all.filter(({ pid }) => pid !== process.pid && ours.has(pid));
}

/** What those of them whose command line matches take of the machine's memory; `undefined` where there are none. */
export async function residentBytes(matches: RegExp): Promise<number | undefined> {
  const found = (await descendants()).filter(({ command }) => matches.test(command.join(' ')));
  return found.length === 0 ? undefined : found.reduce((sum, one) => sum + one.residentBytes, 0);
}

/** Looks four times a second until it is ended; then the most there was at once. */
export function watchResidentBytes(matches: RegExp): () => Promise<number | undefined> {
  let most: number | undefined;
  let isOver = false;
  const look = async () => {
    const now = await residentBytes(matches);
    most = now === undefined ? most : Math.max(most ?? 0, now);
  };
  const looking = (async () => {
    while (!isOver) {
      await look();
      await new Promise((resolve) => { setTimeout(resolve, 250); });
    }
  })();
  return async () => {
    isOver = true;
    await looking;
    return most;
  };
}

async function processes(): Promise<readonly Process[]> {
  const names = await readdir('/proc').catch(() => []);
  const found = await Promise.all(names.filter((name) => /^\d+$/.test(name)).map(async (name): Promise<Process | undefined> => {
    try {
      const [stat, command] = await Promise.all([readFile(`/proc/${name}/stat`, 'utf8'), readFile(`/proc/${name}/cmdline`, 'utf8')]);
      // Fields 4 and 24, counted from 1; the second may hold spaces.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return { pid: Number(name), parent: Number(fields[1]), residentBytes: Number(fields[21]) * pageBytes, command: command.split('\0') };
    } catch {
      return undefined;
    }
  }));
  return found.filter((one) => one !== undefined);
}
