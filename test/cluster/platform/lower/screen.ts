import { cellHeight, cellWidth, maskOf } from './font';

/** Characters of a screen that nobody has asked for another size. */
const usual = { columns: 80, rows: 25 } as const;

/** Smaller ones show nothing, larger ones nobody has; pixels but for the characters. */
const limits = { columns: 20, rows: 4, pixels: 4096 } as const;

const background = 0x101418;
const ink = 0xd0d4d8;

/** A changed part of the screen, in pixels. */
export interface Rect { readonly x: number; readonly y: number; readonly width: number; readonly height: number }

/**
 * The screen of a simulated machine: a text console under a line of status, with the pointer, as pixels. The first row
 * always says what it is.
 */
export class Screen {
  #columns: number = usual.columns;
  #rows: number = usual.rows;
  #width = usual.columns * cellWidth;
  #height = usual.rows * cellHeight;
  #pixels = new Uint32Array(this.#width * this.#height).fill(background);
  /** Cells that are not drawn as they are: most scroll away before anybody looks. */
  #stale = new Uint8Array(this.#columns * this.#rows);
  #cells: string[] = blank(this.#columns * this.#rows);
  readonly #listeners = new Set<(changed: Rect) => void>();
  #row = 1;
  #column = 0;
  #pointer = { x: -1, y: -1, isPressed: false };
  #status = '';
  #escape = '';
  #frame = 0;
  #isAnimated = false;

  /** Pixels. */
  get width(): number {
    return this.#width;
  }

  /** Pixels. */
  get height(): number {
    return this.#height;
  }

  /** Takes another size, in pixels, and keeps the last lines. `false`: no machine has such a screen. */
  resize(width: number, height: number): boolean {
    const columns = Math.floor(width / cellWidth);
    const rows = Math.floor(height / cellHeight);
    if (columns < limits.columns || rows < limits.rows || Math.max(width, height) > limits.pixels) {
      return false;
    }
    const first = 1 + Math.max(0, this.#row - (rows - 1));
    const kept = Array.from({ length: Math.min(rows - 1, this.#rows - first) }, (_, row) => this.#line(first + row).slice(0, columns).concat(blank(columns - this.#columns)));
    this.#cells = [...blank(columns), ...kept.flat(), ...blank((rows - 1 - kept.length) * columns)];
    this.#row -= first - 1;
    this.#column = Math.min(this.#column, columns - 1);
    this.#columns = columns;
    this.#rows = rows;
    this.#width = width;
    this.#height = height;
    this.#pixels = new Uint32Array(width * height).fill(background);
    this.#stale = new Uint8Array(columns * rows).fill(1);
    const status = this.#status;
    this.#status = '';
    this.setStatus(status);
    this.#changed({ x: 0, y: 0, width, height });
    return true;
  }

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
    return Array.from({ length: this.#rows }, (_, row) => this.#line(row).join('').trimEnd()).join('\n').trimEnd();
  }

  watch(listener: (changed: Rect) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What stands in the first row. */
  setStatus(text: string): void {
    if (text !== this.#status) {
      this.#status = text;
      this.#put(0, text.slice(0, this.#columns).padEnd(this.#columns));
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
    for (let y = cellHeight; y < this.#height; y++) {
      this.#pixels.fill(((y + frame * 7) * 0x010307) & 0xffffff, y * this.#width, (y + 1) * this.#width);
    }
    this.#changed({ x: 0, y: cellHeight, width: this.#width, height: this.#height - cellHeight });
    this.#put(0, `SIMULATED GUEST  frame ${frame}`.padEnd(this.#columns));
  }

  /** Shows the text again. */
  endAnimation(): void {
    this.#isAnimated = false;
    this.#paint(this.#columns, this.#columns * this.#rows);
  }

  #line(row: number): string[] {
    return this.#cells.slice(row * this.#columns, (row + 1) * this.#columns);
  }

  #at(): number {
    return this.#row * this.#columns + this.#column;
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
      if (this.#column === this.#columns) {
        this.#column = 0;
        this.#feed();
      }
      this.#column++;
      this.#put(this.#at() - 1, character);
    }
  }

  #feed(): void {
    if (this.#row < this.#rows - 1) {
      this.#row++;
      return;
    }
    this.#cells.splice(this.#columns, this.#columns);
    this.#cells.push(...blank(this.#columns));
    this.#paint(this.#columns, this.#columns * this.#rows);
  }

  #clear(): void {
    this.#cells.fill(' ', this.#columns);
    this.#row = 1;
    this.#column = 0;
    this.#paint(this.#columns, this.#columns * this.#rows);
  }

  #put(at: number, text: string): void {
    for (const [index, character] of [...text].entries()) {
      this.#cells[at + index] = character;
    }
    this.#paint(at, at + text.length);
  }

  /** Has cells drawn anew, from one index up to another. */
  #paint(from: number, to: number): void {
    if (this.#isAnimated && from >= this.#columns) {
      return;
    }
    for (let row = Math.floor(from / this.#columns); row * this.#columns < to; row++) {
      const start = Math.max(from, row * this.#columns);
      const end = Math.min(to, (row + 1) * this.#columns, this.#cells.length);
      if (end > start) {
        this.#stale.fill(1, start, end);
        this.#changed({ x: start % this.#columns * cellWidth, y: row * cellHeight, width: (end - start) * cellWidth, height: cellHeight });
      }
    }
  }

  #draw(at: number): void {
    const mask = maskOf(this.#cells[at] ?? ' ');
    const isInverse = at < this.#columns || at === this.#at();
    const left = at % this.#columns * cellWidth;
    const top = Math.floor(at / this.#columns) * cellHeight;
    for (let y = 0; y < cellHeight; y++) {
      for (let x = 0; x < cellWidth; x++) {
        const isOn = (mask[y * cellWidth + x] === 1) !== isInverse;
        this.#pixels[(top + y) * this.#width + left + x] = this.#pointerColour(left + x, top + y) ?? (isOn ? ink : background);
      }
    }
  }

  #paintArea(left: number, top: number, right: number, bottom: number): void {
    for (let row = Math.max(0, Math.floor(top / cellHeight)); row < this.#rows && row * cellHeight <= bottom; row++) {
      const first = Math.max(0, Math.floor(left / cellWidth));
      const last = Math.min(this.#columns - 1, Math.floor(right / cellWidth));
      this.#paint(row * this.#columns + first, row * this.#columns + last + 1);
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

function blank(length: number): string[] {
  return Array.from({ length: Math.max(0, length) }, () => ' ');
}
