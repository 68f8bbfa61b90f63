/** Milliseconds from one picture to the next: nobody reads what passes by faster, and a picture takes as long as some hundred kilobytes of text. */
const pictureMs = 40;

/** What of a page is asked for pictures. */
export type Painter = Pick<typeof globalThis, 'requestAnimationFrame' | 'setTimeout'>;

/** Lets a page draw less often than the screen does while `isFlooded`. The terminal asks the page for every picture, and has no setting for that. */
export function drawCalmly(page: Painter, isFlooded: () => boolean, now = () => performance.now()): void {
  const request = page.requestAnimationFrame.bind(page);
  let drawnAtMs = Number.NEGATIVE_INFINITY;
  page.requestAnimationFrame = (draw) => {
    const next = () => request((timeMs) => {
      drawnAtMs = now();
      draw(timeMs);
    });
    const restMs = drawnAtMs + pictureMs - now();
    // Below zero, where no number of a picture is: whoever takes it back is called nevertheless, and nobody else loses theirs.
    return isFlooded() && restMs > 0 ? -Number(page.setTimeout(next, restMs)) : next();
  };
}
