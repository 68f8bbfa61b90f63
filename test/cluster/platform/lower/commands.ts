import type { Machine } from './simulatedGuest';
import type { Tty } from './tty';

/** A text at once, pieces as fast as they are read, or what ends a command that goes on until Ctrl+C. */
export type Output = string | Iterator<string | Buffer, undefined> | (() => void);

interface Call {
  readonly machine: Machine;
  readonly tty: Tty;
  readonly words: readonly string[];
  /** Everything after the command's name. */
  readonly rest: string;
}

const line = (text: string) => `${text}\r\n`;

/** What the shell of a simulated machine can do. Enough to see that the way to it works, and to try that way hard. */
export const commands: Readonly<Record<string, (call: Call) => Output>> = {
  help: () => line(Object.keys(commands).sort().join(' ')),
  echo: ({ rest }) => line(rest),
  /** With `\n`, `\e` and `\xHH`: for what a terminal must not obey. */
  printf: ({ rest }) => rest.replace(/\\(n|r|e|a|\\|x[0-9a-f]{2})/gi, (_, code: string) => escapes[code] ?? String.fromCharCode(Number.parseInt(code.slice(1), 16))),
  hostname: ({ machine }) => line(machine.name),
  whoami: ({ tty }) => line(tty.user ?? ''),
  who: ({ machine }) => machine.ttys.map((tty) => (tty.user === undefined ? '' : line(`${tty.user.padEnd(8)} ${tty.name}`))).join(''),
  tty: ({ tty }) => line(tty.name),
  date: ({ machine }) => line(machine.date()),
  uptime: ({ machine }) => line(`up ${machine.uptime()}`),
  ls: ({ machine }) => [...machine.files.keys()].sort().map(line).join(''),
  cat: ({ machine, rest }) => machine.files.get(rest) ?? line(`cat: ${rest}: No such file`),
  stty: ({ words }) => (words[0] === 'size' ? line('24 80') : ''),
  clear: () => '\x1b[H\x1b[2J',
  /** Prints on every terminal of the machine. */
  wall: ({ machine, tty, rest }) => {
    machine.ttys.forEach((each) => each.print(`${each === tty ? '' : '\r\n'}Message from ${tty.user ?? ''} on ${tty.name}: ${rest}\r\n`));
    return '';
  },
  /** Every byte there is. */
  bytes: () => [Buffer.from(Uint8Array.from({ length: 256 }, (_, byte) => byte))].values(),
  /** So many MiB of numbered lines. */
  flood: ({ words }) => flood(Number(words[0]) * 2 ** 20),
  /** A numbered line every so many milliseconds, until Ctrl+C. */
  tick: ({ machine, tty, words }) => {
    let number = 0;
    return machine.every(Number(words[0]) || 100, () => tty.print(line(`tick ${++number}`)));
  },
  /** On the screen only: pictures that differ all over, so many a second (30), until Ctrl+C. */
  animate: ({ machine, tty, words }) => {
    if (tty.name !== 'tty1') {
      return line('animate: only on the screen');
    }
    const stop = machine.every(1000 / (Number(words[0]) || 30), () => machine.display.animate());
    return () => {
      stop();
      machine.display.endAnimation();
      machine.onDidChange();
    };
  },
  /** On the screen only: names every key as it comes, until Ctrl+C. */
  keys: ({ machine, tty }) => {
    if (tty.name !== 'tty1') {
      return line('keys: only on the screen');
    }
    machine.onKey = (keysym, isDown) => tty.print(line(`${isDown ? 'down' : 'up  '} 0x${keysym.toString(16)}`));
    return () => { machine.onKey = undefined; };
  },
  /** Puts a text on the clipboard that viewers of the screen share. */
  copy: ({ machine, rest }) => {
    machine.clipboard = rest;
    machine.onCopy(rest);
    return '';
  },
  paste: ({ machine }) => line(machine.clipboard),
  exit: ({ tty }) => {
    tty.logOut();
    return '';
  },
  poweroff: ({ machine }) => {
    machine.onPower('shutdown');
    return '';
  },
  reboot: ({ machine }) => {
    machine.onPower('reset');
    return '';
  },
};

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', e: '\x1b', a: '\x07', '\\': '\\' };

/** As much as Go's `io.Copy` passes on at once, and with it the platform. */
const floodPiece = 32 * 1024;

const floodLine = `${'.'.repeat(62)}\r\n`;

/** Numbered lines, so that a missing or doubled piece is seen; made of bytes, because whoever measures with them shares the processor with them. */
export function* flood(sizeBytes: number): Generator<Buffer, undefined> {
  for (let at = 0; at < sizeBytes;) {
    const lines = Math.ceil(Math.min(floodPiece, sizeBytes - at) / floodLine.length);
    const piece = Buffer.allocUnsafeSlow(lines * floodLine.length).fill(floodLine);
    for (let line = 0; line < piece.length; line += floodLine.length) {
      // From its last digit on.
      for (let rest = at + line, digit = line + 61; digit === line + 61 || rest > 0; rest = Math.floor(rest / 10), digit--) {
        piece[digit] = 0x30 + rest % 10;
      }
    }
    at += piece.length;
    yield piece;
  }
}
