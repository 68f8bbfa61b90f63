// What runs inside the pages of a workbench. Each function is sent there as text, so it uses nothing from outside itself.

/** What is counted of a console: everywhere in the workbench what its page has acknowledged. */
export interface Counted {
  /** Milliseconds since the epoch, as all frames have them. */
  consumedAtMs: number;
  consumedBytes: number;
  enteredAtMs: number;
  inputAtMs: number;
  clickedAtMs: number;
  readyAtMs: number;
}

interface World {
  counted: Counted;
  /** `undefined`: nobody wants to know. */
  received: { readonly bytes: ArrayBuffer; readonly isPacked: boolean }[] | undefined;
  readonly makeTerminal: (parent: object, options: object, openLink: () => void) => { readonly terminal: { write(bytes: Uint8Array, done: () => void): void }; readonly fit: () => void; readonly dispose: () => void };
  readonly document: { querySelector(selector: string): Element | null; createElement(name: string): Element; addEventListener(type: string, listener: (event: { readonly key?: string; readonly timeStamp: number }) => void, options: object): void };
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  readonly MessagePort: { readonly prototype: { postMessage: (this: unknown, message: unknown, ...rest: unknown[]) => void } };
  requestAnimationFrame(run: () => void): void;
}

interface Element { append(child: Element): void; remove(): void; setAttribute(name: string, value: string): void; readonly dataset: Readonly<Record<string, string | undefined>> }

/** For every frame, before anything else runs there: notes clicks, and what a console's page tells the extension. */
export function watchFrames(): void {
  const world = globalThis as unknown as World;
  const now = () => performance.timeOrigin + performance.now();
  const counted: Counted = { consumedAtMs: 0, consumedBytes: 0, enteredAtMs: 0, inputAtMs: 0, clickedAtMs: 0, readyAtMs: 0 };
  world.counted = counted;
  const { postMessage } = world.MessagePort.prototype;
  world.MessagePort.prototype.postMessage = function post(this: unknown, message: unknown, ...rest: unknown[]) {
    const said = (message as { readonly data?: { readonly message?: { readonly type?: string; readonly bytes?: number } } } | null)?.data?.message;
    if (said?.type === 'consumed' && said.bytes !== undefined && said.bytes > 0) {
      counted.consumedBytes += said.bytes;
      counted.consumedAtMs = now();
    } else if (said?.type === 'input') {
      counted.inputAtMs = now();
    } else if (said?.type === 'size' && counted.readyAtMs === 0) {
      counted.readyAtMs = now();
    }
    postMessage.call(this, message, ...rest);
  };
  world.document.addEventListener('click', ({ timeStamp }) => { counted.clickedAtMs = performance.timeOrigin + timeStamp; }, { capture: true });
}

/** For the page of a console, when it is there: counts what comes, and notes when Enter or Ctrl+C is pressed. */
export function watchConsole(): void {
  const world = globalThis as unknown as World;
  const counted: Counted = { consumedAtMs: 0, consumedBytes: 0, enteredAtMs: 0, inputAtMs: 0, clickedAtMs: 0, readyAtMs: 0 };
  world.counted = counted;
  world.received = [];
  world.addEventListener('message', ({ data }) => {
    const { type, bytes, isPacked } = data as { readonly type?: string; readonly bytes?: ArrayBuffer; readonly isPacked?: true };
    if (type === 'data' && bytes) {
      world.received?.push({ bytes: bytes.slice(), isPacked: isPacked === true });
    }
  });
  world.document.addEventListener('keydown', ({ key, timeStamp }) => {
    if (key === 'Enter' || key === 'c') {
      counted.enteredAtMs = performance.timeOrigin + timeStamp;
    }
  }, { capture: true });
}

/** Resolves when the console has acknowledged as much; to be asked from outside would keep everybody from their work. */
export async function reached(bytes: number): Promise<void> {
  const { counted } = globalThis as unknown as World;
  while (counted.consumedBytes < bytes) {
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
}

/** A sum over every byte that has come since it was asked for last. */
export async function sumUp(): Promise<number> {
  const world = globalThis as unknown as World;
  let checksum = 0;
  for (const { bytes, isPacked } of world.received?.splice(0) ?? []) {
    const { readable, writable } = isPacked ? new DecompressionStream('deflate-raw') : new TransformStream();
    const writer = writable.getWriter();
    void writer.write(new Uint8Array(bytes));
    void writer.close();
    for await (const piece of readable as AsyncIterable<Uint8Array>) {
      for (let index = 0; index < piece.length; index++) {
        checksum = (Math.imul(checksum, 31) + (piece[index] ?? 0)) | 0;
      }
    }
  }
  return checksum;
}

/** Feeds a second terminal, made by the same code and shown over the first, from memory; milliseconds. */
export async function feedFromMemory({ mebibytes, options }: { readonly mebibytes: number; readonly options: object }): Promise<number> {
  const world = globalThis as unknown as World;
  const parent = world.document.createElement('div');
  parent.setAttribute('style', 'position:absolute;inset:0;z-index:9;background:#000');
  world.document.querySelector('.stage')?.append(parent);
  const { terminal, fit, dispose } = world.makeTerminal(parent, options, () => undefined);
  fit();
  const encoder = new TextEncoder();
  const pieceBytes = 64 * 1024;
  const highBytes = 512 * 1024;
  const pieces = Array.from({ length: 16 }, (_, piece) => encoder.encode(Array.from({ length: pieceBytes / 64 }, (_line, line) => `${String(piece * pieceBytes + line * 64).padStart(62, '.')}\r\n`).join('')));
  const total = mebibytes * 2 ** 20;
  let written = 0;
  let done = 0;
  const startedAt = performance.now();
  await new Promise<void>((resolve) => {
    const pump = () => {
      while (written < total && written - done < highBytes) {
        const piece = pieces[(written / pieceBytes) % pieces.length]?.slice() ?? new Uint8Array();
        written += piece.length;
        terminal.write(piece, () => {
          done += piece.length;
          if (done >= total) {
            resolve();
          } else {
            pump();
          }
        });
      }
    };
    pump();
  });
  const elapsedMs = performance.now() - startedAt;
  dispose();
  parent.remove();
  return elapsedMs;
}
