import { commands, type Output } from './commands';
import type { Machine } from './simulatedGuest';

/** How much of a long output is made before others get a turn. */
const piecesPerTurn = 64;

/** Where a terminal's output goes: `false` when it wants no more for now; `Tty.flow` when it does again. */
export type Sink = (text: string | Buffer) => boolean;

/** A terminal of a simulated machine: a login, a shell with a few commands, and an echo of what is typed but for passwords. */
export class Tty {
  readonly name: string;
  readonly #machine: Machine;
  readonly #sink: Sink;
  #line = '';
  #stage: 'login' | 'password' | 'shell' = 'login';
  #user = '';
  /** What a command still has to print, piece by piece as fast as it is read. */
  #output: Iterator<string | Buffer, undefined> | undefined;
  #stopCommand: (() => void) | undefined;
  #lastCommand = '';
  #isFlowing = false;

  constructor(machine: Machine, name: string, sink: Sink) {
    this.#machine = machine;
    this.name = name;
    this.#sink = sink;
    sink(`\r\n${banner}\r\n\r\n${this.#prompt()}`);
  }

  /** Who is logged in, and what was done last; for others to see. */
  get user(): string | undefined {
    return this.#stage === 'shell' ? this.#user : undefined;
  }

  get lastCommand(): string {
    return this.#lastCommand;
  }

  type(text: string): void {
    for (const character of text) {
      this.#key(character);
    }
  }

  print(text: string | Buffer): boolean {
    return this.#sink(text);
  }

  /** Goes on with a long output until the reader has enough. */
  flow(): void {
    if (this.#isFlowing) {
      return;
    }
    this.#isFlowing = true;
    for (let pieces = 0, isWanted = true; isWanted && this.#output; pieces++) {
      if (pieces === piecesPerTurn) {
        setImmediate(() => {
          this.#isFlowing = false;
          this.flow();
        });
        return;
      }
      const { done, value } = this.#output.next();
      isWanted = done ? this.#end() : this.#sink(value);
    }
    this.#isFlowing = false;
  }

  /** Nobody reads any more: what is still to be printed is lost, as behind a real port. */
  drain(): void {
    if (this.#output) {
      this.#end();
    }
  }

  /** Ends what runs, without a word. */
  dispose(): void {
    this.#stopCommand?.();
    this.#output = undefined;
  }

  #key(character: string): void {
    if (character === '\x03' || (character === '\x04' && this.#line === '')) {
      this.#interrupt(character);
    } else if (this.#output ?? this.#stopCommand) {
      return;
    } else if (character === '\r' || character === '\n') {
      this.#sink('\r\n');
      const line = this.#line;
      this.#line = '';
      this.#enter(line);
    } else if (character === '\x7f' || character === '\b') {
      this.#sink(this.#line === '' || this.#stage === 'password' ? '' : '\b \b');
      this.#line = [...this.#line].slice(0, -1).join('');
    } else if (character >= ' ') {
      this.#line += character;
      this.#sink(this.#stage === 'password' ? '' : character);
    }
  }

  #interrupt(character: string): void {
    this.#line = '';
    this.#stage = character === '\x04' ? 'login' : this.#stage;
    this.#stopCommand?.();
    this.#stopCommand = undefined;
    this.#output = undefined;
    this.#sink(`^${character === '\x03' ? 'C' : 'D'}\r\n${this.#prompt()}`);
  }

  #enter(line: string): void {
    if (this.#stage === 'login') {
      this.#user = line.trim();
      this.#stage = this.#user === '' ? 'login' : 'password';
    } else if (this.#stage === 'password') {
      this.#stage = 'shell';
    } else {
      this.#run(line.trim());
      return;
    }
    this.#changed();
    this.#sink(this.#prompt());
  }

  #run(line: string): void {
    const [, command = '', file] = /^(.*?)(?:\s*>\s*(\S+))?$/s.exec(line) ?? [];
    const [name = '', ...words] = command.split(/\s+/);
    this.#lastCommand = line || this.#lastCommand;
    const run = name === '' ? () => '' : Object.hasOwn(commands, name) ? commands[name] : undefined;
    const output: Output = run ? run({ machine: this.#machine, tty: this, words, rest: command.slice(name.length).trim() }) : `-sh: ${name}: not found\r\n`;
    this.#changed();
    if (typeof output === 'string') {
      if (file === undefined) {
        this.#sink(output);
      } else {
        this.#machine.files.set(file, output);
      }
      this.#end();
    } else if (typeof output === 'function') {
      this.#stopCommand = output;
    } else {
      this.#output = output;
      this.flow();
    }
  }

  /** Back to the shell, or out of it. */
  logOut(): void {
    this.#stage = 'login';
  }

  #end(): boolean {
    this.#output = undefined;
    return this.#sink(this.#prompt());
  }

  #changed(): void {
    this.#machine.onDidChange();
  }

  #prompt(): string {
    const { name } = this.#machine;
    return this.#stage === 'login' ? `${name} login: ` : this.#stage === 'password' ? 'Password: ' : `${this.#user}@${name}:~$ `;
  }
}

const banner = 'This is a simulated guest: nothing runs here.';
