import { createHook } from 'node:async_hooks';
import path from 'node:path';

/** What keeps a process busy and has to be ended by whoever began it: sockets, child processes, watched files, timers. */
const kinds: readonly string[] = ['TCPWRAP', 'PIPEWRAP', 'PROCESSWRAP', 'FSEVENTWRAP', 'STATWATCHER', 'Timeout', 'Immediate'];

/** Deep enough to find the extension below the libraries it calls. */
const stackDepth = 60;

/** Follows what the code of one folder begins and ends in this process; what the editor or others begin meanwhile is not its concern. */
export class OwnedResources {
  readonly #alive = new Map<number, { readonly kind: string; readonly stack: string }>();
  readonly #hook: ReturnType<typeof createHook>;

  constructor(folder: string) {
    this.#hook = createHook({
      init: (id, kind) => {
        const stack = kinds.includes(kind) ? stackNow() : '';
        if (stack.includes(folder + path.sep)) {
          this.#alive.set(id, { kind, stack });
        }
      },
      destroy: (id) => void this.#alive.delete(id),
    }).enable();
  }

  /** The kinds of what is alive, each as often as there are of it. */
  get kinds(): readonly string[] {
    return [...this.#alive.values()].map(({ kind }) => kind);
  }

  /** What is alive and where it was begun. */
  get report(): string {
    return [...this.#alive.values()].map(({ kind, stack }) => `${kind}\n${stack}`).join('\n');
  }

  dispose(): void {
    this.#hook.disable();
  }
}

function stackNow(): string {
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = stackDepth;
  const { stack = '' } = new Error('Begun here');
  Error.stackTraceLimit = before;
  return stack;
}
