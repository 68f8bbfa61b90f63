import type { FrameLocator } from 'playwright-core';

/** The pixels of a machine's screen, as either light or dark. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly isLight: (x: number, y: number) => boolean;
}

/** What the canvas of a screen shows now. */
export async function pictureOf(view: FrameLocator): Promise<Picture> {
  const { width, height, bits } = await view.locator('canvas:not(.still)').evaluate((element: unknown) => {
    const canvas = element as { width: number; height: number; getContext(kind: '2d'): { getImageData(x: number, y: number, w: number, h: number): { data: Uint8ClampedArray } } };
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return { width: canvas.width, height: canvas.height, bits: Array.from({ length: data.length / 4 }, (_, pixel) => ((data[pixel * 4 + 2] ?? 0) > 0x80 ? '1' : '0')).join('') };
  });
  return { width, height, isLight: (x, y) => bits[y * width + x] === '1' };
}

export interface Cell {
  readonly width: number;
  readonly height: number;
}

/** Reads the letters out of a picture: light ink on dark ground, or the other way round. `read` is told where ink is in one cell. */
export function textIn({ width, height, isLight }: Picture, cell: Cell, read: (isInk: (x: number, y: number) => boolean) => string | undefined): string {
  const lines: string[] = [];
  for (let top = 0; top + cell.height <= height; top += cell.height) {
    let line = '';
    for (let left = 0; left + cell.width <= width; left += cell.width) {
      const ground = isLight(left, top);
      line += read((x, y) => isLight(left + x, top + y) !== ground) ?? '?';
    }
    lines.push(line.trimEnd());
  }
  return lines.join('\n');
}

/** Letters of a font that nobody has told: learned from a picture whose first line shows `letters`. */
export class LearnedFont {
  readonly #cell: Cell;
  readonly #letters = new Map<string, string>();

  private constructor(cell: Cell) {
    this.#cell = cell;
  }

  /** `undefined` as long as the first line cannot be these letters. */
  static from(picture: Picture, cell: Cell, letters: string): LearnedFont | undefined {
    const font = new LearnedFont(cell);
    const shapes = Array.from({ length: Math.floor(picture.width / cell.width) }, (_, column) => font.#shape((x, y) => picture.isLight(column * cell.width + x, y)));
    [...letters].forEach((letter, column) => font.#letters.set(shapes[column] ?? '', letter));
    const blank = font.#shape(() => false);
    const isLine = font.#letters.size === letters.length && !font.#letters.has(blank) && shapes.slice(letters.length).every((shape) => shape === blank);
    font.#letters.set(blank, ' ');
    return isLine ? font : undefined;
  }

  read(picture: Picture): string {
    return textIn(picture, this.#cell, (isInk) => this.#letters.get(this.#shape(isInk)));
  }

  #shape(isInk: (x: number, y: number) => boolean): string {
    let shape = '';
    for (let y = 0; y < this.#cell.height; y++) {
      for (let x = 0; x < this.#cell.width; x++) {
        shape += isInk(x, y) ? '1' : '0';
      }
    }
    return shape;
  }
}

/** Gives the keyboard back to the editor; a screen takes it when it opens. */
export async function leave(screen: FrameLocator): Promise<void> {
  await screen.locator('canvas:not(.still)').click();
  await screen.locator('canvas:not(.still)').press('Control+Alt');
  await screen.locator('.hint', { hasText: 'Keys go to the editor' }).waitFor();
}
