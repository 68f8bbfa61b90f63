import type { Socket } from 'node:net';

/** What QEMU reports by itself. */
export interface QmpEvent {
  readonly event: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

interface Pending {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** QEMU's control connection: lines of JSON, a greeting first, answers matched to commands by their `id`. */
export class Qmp {
  readonly #socket: Socket;
  readonly #pending = new Map<number, Pending>();
  readonly #listeners = new Set<(event: QmpEvent) => void>();
  #text = '';
  #last = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => this.#read(text));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#pending.forEach(({ reject }) => reject(new Error('QEMU has ended.')));
      this.#pending.clear();
    });
  }

  /** Resolves when QEMU takes commands. @throws Error when it ends before */
  static async open(socket: Socket): Promise<Qmp> {
    const qmp = new Qmp(socket);
    // It answers to nothing before its greeting, and reads what is sent meanwhile after it.
    await qmp.command('qmp_capabilities');
    return qmp;
  }

  /** @throws Error with QEMU's words when it refuses, or when it ends before the answer */
  command<T = unknown>(execute: string, args?: object): Promise<T> {
    if (this.#socket.destroyed) {
      return Promise.reject(new Error('QEMU has ended.'));
    }
    return new Promise((resolve, reject) => {
      const id = ++this.#last;
      this.#pending.set(id, { resolve: resolve as (result: unknown) => void, reject });
      this.#socket.write(`${JSON.stringify({ execute, arguments: args, id })}\n`);
    });
  }

  /** A command of the monitor for people, for the few things that have no other. @throws Error with what it prints, as it prints only complaints */
  async monitor(line: string): Promise<void> {
    const answer = await this.command<string>('human-monitor-command', { 'command-line': line });
    if (answer.trim() !== '') {
      throw new Error(answer.trim());
    }
  }

  onEvent(listener: (event: QmpEvent) => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  /** Resolves with the next event that `isWanted`; rejects when QEMU ends before, or after `timeoutMs`. */
  next(isWanted: (event: QmpEvent) => boolean, timeoutMs: number): Promise<QmpEvent> {
    return new Promise((resolve, reject) => {
      const end = () => {
        listener.dispose();
        clearTimeout(timer);
        this.#socket.off('close', closed);
      };
      const closed = () => {
        end();
        reject(new Error('QEMU has ended.'));
      };
      const listener = this.onEvent((event) => {
        if (isWanted(event)) {
          end();
          resolve(event);
        }
      });
      const timer = setTimeout(() => {
        end();
        reject(new Error(`QEMU has not done it within ${timeoutMs / 1000} s.`));
      }, timeoutMs);
      this.#socket.once('close', closed);
    });
  }

  #read(text: string): void {
    this.#text += text;
    for (let end = this.#text.indexOf('\n'); end >= 0; end = this.#text.indexOf('\n')) {
      const line = this.#text.slice(0, end).trim();
      this.#text = this.#text.slice(end + 1);
      if (line !== '') {
        this.#take(JSON.parse(line) as Partial<QmpEvent> & { readonly id?: number; readonly return?: unknown; readonly error?: { readonly desc: string } });
      }
    }
  }

  #take(message: Partial<QmpEvent> & { readonly id?: number; readonly return?: unknown; readonly error?: { readonly desc: string } }): void {
    if (message.event !== undefined) {
      [...this.#listeners].forEach((listener) => listener(message as QmpEvent));
      return;
    }
    const pending = this.#pending.get(message.id ?? 0);
    this.#pending.delete(message.id ?? 0);
    if (message.error) {
      pending?.reject(new Error(message.error.desc));
    } else {
      pending?.resolve(message.return);
    }
  }
}
