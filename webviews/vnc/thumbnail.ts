/** At most one picture in this time. */
const intervalMs = 5000;

/** The first one waits only until there is something to see. */
const firstMs = 500;

const width = 240;

/** Keeps a small picture of a screen up to date while it changes. */
export class Thumbnail {
  readonly #send: (image: string) => void;
  readonly #canvas = document.createElement('canvas');
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isFirst = true;

  constructor(send: (image: string) => void) {
    this.#send = send;
  }

  /** Something may look different; `undefined`: there is nothing to see. */
  changed(screen: HTMLCanvasElement | undefined): void {
    if (screen && this.#timer === undefined) {
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.#draw(screen);
      }, this.#isFirst ? firstMs : intervalMs);
    }
  }

  #draw(screen: HTMLCanvasElement): void {
    if (screen.width === 0 || screen.height === 0) {
      return;
    }
    this.#isFirst = false;
    this.#canvas.width = width;
    this.#canvas.height = Math.max(1, Math.round(width * screen.height / screen.width));
    this.#canvas.getContext('2d')?.drawImage(screen, 0, 0, this.#canvas.width, this.#canvas.height);
    this.#send(this.#canvas.toDataURL('image/jpeg', 0.7));
  }
}
