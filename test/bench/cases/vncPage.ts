// What runs inside a page that shows a screen. Each function is sent there as text, so it uses nothing from outside itself.

interface Canvas extends EventTarget {
  readonly width: number;
  readonly height: number;
  getBoundingClientRect(): { readonly left: number; readonly top: number; readonly width: number };
  getContext(kind: '2d'): { getImageData(x: number, y: number, width: number, height: number): { readonly data: Uint8ClampedArray } };
}

interface PageWorld {
  readonly document: { querySelector(selector: string): unknown };
  requestAnimationFrame(run: () => void): void;
  readonly KeyboardEvent: new (type: string, options: object) => Event;
  readonly MouseEvent: new (type: string, options: object) => Event;
  readonly RFB: new (target: unknown, url: string) => { disconnect(): void; scaleViewport: boolean };
  readonly screenUrl: string;
  rfb?: { disconnect(): void };
}

/** Ends the connection, makes another one and waits for its first pixels; milliseconds. */
export async function firstFrame(isAlone: boolean): Promise<number> {
  const world = globalThis as unknown as PageWorld;
  const before = world.document.querySelector('canvas:not(.still)');
  const startedAt = performance.now();
  if (!isAlone) {
    (world.document.querySelector('vscode-button[aria-label="Reconnect"]') as { click(): void }).click();
  } else {
    world.rfb?.disconnect();
    const rfb = new world.RFB(world.document.querySelector('.screen'), world.screenUrl);
    rfb.scaleViewport = true;
    world.rfb = rfb;
  }
  for (;;) {
    await new Promise<void>((resolve) => { world.requestAnimationFrame(resolve); });
    const canvas = world.document.querySelector('canvas:not(.still)') as Canvas | null;
    if (canvas && canvas !== before && canvas.width > 0 && canvas.getContext('2d').getImageData(0, 0, 320, 200).data.some((value, index) => index % 4 === 0 && value > 0x80)) {
      return performance.now() - startedAt;
    }
    if (performance.now() - startedAt > 20_000) {
      throw new Error('There was no picture.');
    }
  }
}

/** Moves the pointer about and waits until the machine has drawn it there; milliseconds each. */
export async function latency(): Promise<number[]> {
  const world = globalThis as unknown as PageWorld;
  const canvas = world.document.querySelector('canvas:not(.still)') as Canvas;
  const delays: number[] = [];
  for (let move = 0; move < 10; move++) {
    await new Promise((resolve) => { setTimeout(resolve, 120); });
    const [x, y] = [100 + move * 40, 200 + (move % 3) * 40];
    const { left, top, width } = canvas.getBoundingClientRect();
    const scale = width / canvas.width;
    const before = canvas.getContext('2d').getImageData(x - 6, y - 6, 12, 12).data.join();
    const startedAt = performance.now();
    canvas.dispatchEvent(new world.MouseEvent('mousemove', { clientX: left + x * scale, clientY: top + y * scale, bubbles: true, cancelable: true }));
    while (canvas.getContext('2d').getImageData(x - 6, y - 6, 12, 12).data.join() === before) {
      await new Promise<void>((resolve) => { world.requestAnimationFrame(resolve); });
      if (performance.now() - startedAt > 10_000) {
        throw new Error('The pointer was never drawn.');
      }
    }
    delays.push(performance.now() - startedAt);
  }
  return delays;
}

/** Types a letter and waits until the machine has drawn it; milliseconds each. A cursor that blinks is smaller than that. */
export async function keyLatency(): Promise<number[]> {
  const world = globalThis as unknown as PageWorld;
  const canvas = world.document.querySelector('canvas:not(.still)') as Canvas;
  const pixels = () => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  const glyphPixels = 30;
  const delays: number[] = [];
  for (let key = 0; key < 10; key++) {
    await new Promise((resolve) => { setTimeout(resolve, 150); });
    const before = pixels();
    const startedAt = performance.now();
    for (const type of ['keydown', 'keyup']) {
      canvas.dispatchEvent(new world.KeyboardEvent(type, { key: 'm', code: 'KeyM', bubbles: true, cancelable: true }));
    }
    for (let changed = 0; changed < glyphPixels;) {
      await new Promise<void>((resolve) => { world.requestAnimationFrame(resolve); });
      const now = pixels();
      changed = 0;
      for (let index = 0; index < now.length; index += 4) {
        changed += now[index] === before[index] ? 0 : 1;
      }
      if (performance.now() - startedAt > 10_000) {
        throw new Error('The letter was never drawn.');
      }
    }
    delays.push(performance.now() - startedAt);
  }
  return delays;
}

/** Different pictures a second. */
export async function animated(durationMs: number): Promise<number> {
  const world = globalThis as unknown as PageWorld;
  const canvas = world.document.querySelector('canvas:not(.still)') as Canvas;
  const startedAt = performance.now();
  let last = '';
  let pictures = 0;
  while (performance.now() - startedAt < durationMs) {
    await new Promise<void>((resolve) => { world.requestAnimationFrame(resolve); });
    const now = canvas.getContext('2d').getImageData(4, canvas.height - 48, 64, 44).data.join();
    pictures += now === last ? 0 : 1;
    last = now;
  }
  return pictures / (performance.now() - startedAt) * 1000;
}
