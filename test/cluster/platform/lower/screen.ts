import { cellHeight, cellWidth, maskOf } from './font';

export const columns = 80;
export const rows = 25;
export const screenWidth = columns * cellWidth;
export const screenHeight = rows * cellHeight;

const background = 0x101418;
const ink = 0xd0d4d8;

/** A changed part of the screen, in pixels. */
export interface Rect { readonly x: number; readonly y: number; readonly width: number; readonly height: number }

/**
 * The screen of a simulated machine: a text console under a line of status, with the pointer, as pixels. The first row
 * always says what it is.
 */
export class Screen {
  readonly #pixels = new Uint32Array(screenWidth * screenHeight).fill(background);
  /** Cells that are not drawn as they are: most scroll away before anybody looks. */
  readonly #stale = new Uint8Array(columns * rows);
  readonly #cells: string[] = Array.from({ length: columns * rows }, () => ' ');
  readonly #listeners = new Set<(changed: Rect) => void>();
  #row = 1;
  #column = 0;
  #pointer = { x: -1, y: -1, isPressed: false };
  #status = '';
  #escape = '';
  #frame = 0;
  #isAnimated = false;

  /** Row by row, 0xRRGGBB; valid until the next change. */
  get pixels(): Uint32Array {
    for (let at = this.#stale.indexOf(1); at >= 0; at = this.#stale.indexOf(1, at)) {
      this.#stale[at] = 0;
      this.#draw(at);
    }
    return this.#pixels;
  }

  /** The text as it stands there, without what the pointer hides. */
  get text(): string {
    return Array.from({ length: rows }, (_, row) => this.#cells.slice(row * columns, (row + 1) * columns).join('').trimEnd()).join('\n').trimEnd();
  }

  watch(listener: (changed: Rect) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What stands in the first row. */
  setStatus(text: string): void {
    if (text !== this.#status) {
      this.#status = text;
      this.#put(0, text.slice(0, columns).padEnd(columns));
    }
  }

  /** Writes as a terminal does; colours and the like are left out. */
  write(text: string): void {
    const first = this.#at();
    for (const character of text) {
      this.#show(character);
    }
    this.#paint(first, first + 1);
    this.#paint(this.#at(), this.#at() + 1);
  }

  point(x: number, y: number, isPressed: boolean): void {
    const old = this.#pointer;
    this.#pointer = { x, y, isPressed };
    for (const at of [old, this.#pointer]) {
      if (at.x >= 0) {
        this.#paintArea(at.x - pointerSize, at.y - pointerSize, at.x + pointerSize, at.y + pointerSize);
      }
    }
  }

  /** The next picture of the animation: every pixel changes, and the number of the picture stands in the first row. */
  animate(): void {
    const frame = ++this.#frame;
    this.#isAnimated = true;
    this.#status = '';
    for (let y = cellHeight; y < screenHeight; y++) {
      this.#pixels.fill(((y + frame * 7) * 0x010307) & 0xffffff, y * screenWidth, (y + 1) * screenWidth);
    }
    this.#changed({ x: 0, y: cellHeight, width: screenWidth, height: screenHeight - cellHeight });
    this.#put(0, `SIMULATED GUEST  frame ${frame}`.padEnd(columns));
  }

  /** Shows the text again. */
  endAnimation(): void {
    this.#isAnimated = false;
    this.#paint(columns, columns * rows);
  }

  #at(): number {
    return this.#row * columns + this.#column;
  }

  #show(character: string): void {
    if (this.#escape !== '' || character === '\x1b') {
      this.#escape += character;
      if (/^\x1b(\[[\d;?]*[A-Za-z]|[^[])$/.test(this.#escape)) {
        if (this.#escape === '\x1b[2J') {
          this.#clear();
        }
        this.#escape = '';
      }
    } else if (character === '\r') {
      this.#column = 0;
    } else if (character === '\n') {
      this.#feed();
    } else if (character === '\b') {
      this.#column = Math.max(0, this.#column - 1);
    } else if (character >= ' ') {
      if (this.#column === columns) {
        this.#column = 0;
        this.#feed();
      }
      this.#column++;
      this.#put(this.#at() - 1, character);
    }
  }

  #feed(): void {
    if (this.#row < rows - 1) {
      this.#row++;
      return;
    }
    this.#cells.splice(columns, columns);
    this.#cells.push(...Array.from({ length: columns }, () => ' '));
    this.#paint(columns, columns * rows);
  }

  #clear(): void {
    this.#cells.fill(' ', columns);
    this.#row = 1;
    this.#column = 0;
    this.#paint(columns, columns * rows);
  }

  #put(at: number, text: string): void {
    for (const [index, character] of [...text].entries()) {
      this.#cells[at + index] = character;
    }
    this.#paint(at, at + text.length);
  }

  /** Has cells drawn anew, from one index up to another. */
  #paint(from: number, to: number): void {
    if (this.#isAnimated && from >= columns) {
      return;
    }
    for (let row = Math.floor(from / columns); row * columns < to; row++) {
      const start = Math.max(from, row * columns);
      const end = Math.min(to, (row + 1) * columns, this.#cells.length);
      if (end > start) {
        this.#stale.fill(1, start, end);
        this.#changed({ x: start % columns * cellWidth, y: row * cellHeight, width: (end - start) * cellWidth, height: cellHeight });
      }
    }
  }

  #draw(at: number): void {
    const mask = maskOf(this.#cells[at] ?? ' ');
    const isInverse = at < columns || at === this.#at();
    const left = at % columns * cellWidth;
    const top = Math.floor(at / columns) * cellHeight;
    for (let y = 0; y < cellHeight; y++) {
      for (let x = 0; x < cellWidth; x++) {
        const isOn = (mask[y * cellWidth + x] === 1) !== isInverse;
        this.#pixels[(top + y) * screenWidth + left + x] = this.#pointerColour(left + x, top + y) ?? (isOn ? ink : background);
      }
    }
  }

  #paintArea(left: number, top: number, right: number, bottom: number): void {
    for (let row = Math.max(0, Math.floor(top / cellHeight)); row < rows && row * cellHeight <= bottom; row++) {
      const first = Math.max(0, Math.floor(left / cellWidth));
      const last = Math.min(columns - 1, Math.floor(right / cellWidth));
      this.#paint(row * columns + first, row * columns + last + 1);
    }
  }

  /** A cross, red while a button is held. */
  #pointerColour(x: number, y: number): number | undefined {
    const { x: atX, y: atY, isPressed } = this.#pointer;
    const isThere = (x === atX && Math.abs(y - atY) <= pointerSize) || (y === atY && Math.abs(x - atX) <= pointerSize);
    return isThere ? (isPressed ? 0xff4090 : 0x40ff90) : undefined;
  }

  #changed(rect: Rect): void {
    this.#listeners.forEach((listener) => listener(rect));
  }
}

const pointerSize = 6;
