import type { Duplex } from 'node:stream';
import type WebSocket from 'ws';

/** Somebody at a serial port, by a stream or a WebSocket: types, and waits for what comes. */
export class Terminal {
  readonly #send: (text: string) => void;
  readonly #waiting = new Set<() => void>();
  /** Everything that came. */
  text = '';
  isClosed = false;

  constructor(port: Duplex | WebSocket) {
    const take = (chunk: Buffer) => {
      this.text += chunk.toString('utf8');
      this.#waiting.forEach((look) => look());
    };
    const close = () => {
      this.isClosed = true;
      this.#waiting.forEach((look) => look());
    };
    port.on('close', close).on('error', close);
    if ('readyState' in port) {
      port.on('message', take);
      this.#send = (text) => port.send(Buffer.from(text));
    } else {
      port.on('data', take);
      this.#send = (text) => port.write(text);
    }
  }

  type(text: string): void {
    this.#send(text);
  }

  /** Waits until what came after `from` matches. @throws Error when it ends before or nothing comes within two minutes */
  expect(wanted: RegExp, from = 0): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const end = (why?: string) => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        if (why !== undefined) {
          reject(new Error(`${why} before ${String(wanted)} came: ${JSON.stringify(this.text.slice(-500))}`));
        }
      };
      const look = () => {
        const match = wanted.exec(this.text.slice(from));
        if (match) {
          end();
          resolve(match);
        } else if (this.isClosed) {
          end('It ended');
        }
      };
      const timer = setTimeout(() => end('Two minutes passed'), 120_000);
      this.#waiting.add(look);
      look();
    });
  }

  /** Runs a command in a shell and gives what it printed. */
  async run(command: string): Promise<string> {
    const from = this.text.length;
    // The word is put together by the shell, so that the echo of the command is not taken for its end.
    this.type(`echo beg''in; ${command}; echo en''d\r`);
    const [, output = ''] = await this.expect(/begin\r\n([^]*?)end\r\n/, from);
    await this.expect(/end\r\n[^]*# /, from);
    return output.replaceAll('\r', '');
  }

  /** Logs in as root, wherever the login has come to. */
  async logIn(): Promise<void> {
    await this.expect(/login: /);
    this.type('root\r');
    await this.expect(/~?# /);
  }
}
