import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks of Linux, whatever its kernel runs at (`getconf CLK_TCK`). */
const msPerTick = 10;

/** What the extension host and the browser of a workbench that this process has started have used so far, in milliseconds; `undefined` where that cannot be told. */
export function workbenchCpuMs(): { readonly host: number; readonly browser: number } | undefined {
  if (process.platform !== 'linux') {
    return undefined;
  }
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((pid) => processOf(pid) ?? []);
  const own = new Set([process.pid]);
  // Parents may stand behind their children.
  for (let before = 0; before !== own.size;) {
    before = own.size;
    all.filter(({ parent }) => own.has(parent)).forEach(({ pid }) => own.add(pid));
  }
  const sum = (mark: RegExp) => all.filter(({ pid, command }) => own.has(pid) && mark.test(command)).reduce((total, { ticks }) => total + ticks, 0) * msPerTick;
  return { host: sum(/--type=extensionHost/), browser: sum(/--type=(?:renderer|gpu-process)/) };
}

function processOf(pid: string): { readonly pid: number; readonly parent: number; readonly ticks: number; readonly command: string } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in brackets may hold anything, blanks and brackets too.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { pid: Number(pid), parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]), command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ') };
  } catch {
    // It has ended meanwhile.
    return undefined;
  }
}
