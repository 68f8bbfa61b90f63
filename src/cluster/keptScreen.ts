import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Disposable } from '../base/disposable';
import { Paced } from '../base/paced';
import type { Clock } from '../base/timing';

/** At most so often, and for at most this share of time. */
const pace = { intervalMs: 2000, share: 0.1 } as const;

/** Nobody comes back to a window after so long. */
const longestMs = 7 * 24 * 3_600_000;

export interface KeptScreenOptions {
  /** Made when it is needed. */
  readonly folder: string;
  /** Of this screen alone: letters and digits. */
  readonly id: string;
  readonly clock: Clock;
  /** What is to be kept, as it is now. */
  readonly content: () => Uint8Array;
  readonly onError: (error: unknown) => void;
}

/** Whether a file can be named after it. */
export function isScreenId(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{16,64}$/.test(value);
}

/**
 * Keeps what a console printed in a file of its own, for its owner only, so that it is there again after the window was reloaded. A machine may
 * print secrets: the file lives as long as the console does, and {@link sweepScreens} removes what a crash has left.
 */
export class KeptScreen implements Disposable {
  readonly #options: KeptScreenOptions;
  readonly #file: string;
  readonly #paced: Paced;
  /** Grows with every change. */
  #version = 0;
  /** Of what is in the file. */
  #keptVersion = 0;
  #isForgotten = false;
  #writing: Promise<void> | undefined;

  constructor(options: KeptScreenOptions) {
    this.#options = options;
    this.#file = path.join(options.folder, `${options.id}.screen`);
    this.#paced = new Paced(options.clock, pace, () => this.#write());
  }

  /** What was kept before; `undefined`: nothing. */
  async read(): Promise<Uint8Array | undefined> {
    try {
      return await readFile(this.#file);
    } catch {
      return undefined;
    }
  }

  /** The content is another one now. */
  changed(): void {
    this.#version++;
    this.#paced.trigger();
  }

  /** The console was closed: nothing is kept. */
  forget(): void {
    this.#isForgotten = true;
    this.#paced.dispose();
    const remove = () => rm(this.#file, { force: true }).catch(this.#options.onError);
    void (this.#writing ?? Promise.resolve()).then(remove);
  }

  /** The window goes, the console stays: keeps what is there now before anything else runs. */
  dispose(): void {
    this.#paced.dispose();
    if (this.#keptVersion === this.#version || this.#isForgotten) {
      return;
    }
    this.#isForgotten = true;
    try {
      mkdirSync(this.#options.folder, { recursive: true, mode: 0o700 });
      const draft = `${this.#file}.last`;
      writeFileSync(draft, this.#options.content(), { mode: 0o600 });
      renameSync(draft, this.#file);
    } catch (error) {
      this.#options.onError(error);
    }
  }

  #write(): void {
    const write = async () => {
      await mkdir(this.#options.folder, { recursive: true, mode: 0o700 });
      const draft = `${this.#file}.next`;
      const version = this.#version;
      await writeFile(draft, this.#options.content(), { mode: 0o600 });
      if (this.#isForgotten) {
        await rm(draft, { force: true });
      } else {
        await rename(draft, this.#file);
        this.#keptVersion = version;
      }
    };
    this.#writing = (this.#writing ?? Promise.resolve()).then(write).catch(this.#options.onError);
  }
}

/** Removes what was left behind for more than a week. */
export async function sweepScreens(folder: string, nowMs: number): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  await Promise.all(names.filter((name) => /^[0-9a-f]+\.screen(?:\.next|\.last)?$/.test(name)).map(async (name) => {
    const file = path.join(folder, name);
    const { mtimeMs } = await stat(file);
    if (nowMs - mtimeMs > longestMs) {
      await rm(file, { force: true });
    }
  }));
}
