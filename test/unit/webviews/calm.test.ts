import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawCalmly, type Painter } from '../../../webviews/console/calm';
import { TestClock } from '../cluster/testClock';

/** A page whose screen shows a picture whenever `show` is called. */
function painted() {
  const clock = new TestClock();
  const asked: FrameRequestCallback[] = [];
  const page = {
    requestAnimationFrame: (draw: FrameRequestCallback) => asked.push(draw),
    setTimeout: (run: () => void, ms: number) => {
      clock.after(ms, run);
      return 1;
    },
  } as unknown as Painter;
  const state = { isFlooded: false, drawn: 0 };
  drawCalmly(page, () => state.isFlooded, () => clock.now());
  const draw = () => page.requestAnimationFrame(() => { state.drawn++; });
  const show = () => asked.splice(0).forEach((each) => each(clock.now()));
  return { clock, state, draw, show };
}

test('pictures are drawn whenever the screen shows one, until much is on its way', () => {
  const { clock, state, draw, show } = painted();
  for (let picture = 0; picture < 3; picture++) {
    draw();
    show();
    clock.advance(16);
  }
  assert.equal(state.drawn, 3);
});

test('while much is on its way a picture comes every 40 ms, the last one included, and none is lost', () => {
  const { clock, state, draw, show } = painted();
  state.isFlooded = true;
  draw();
  show();
  assert.equal(state.drawn, 1);
  assert.ok(draw() < 0, 'no number that a picture of somebody else has');
  state.isFlooded = false;
  clock.advance(39);
  show();
  assert.equal(state.drawn, 1);
  clock.advance(1);
  show();
  assert.deepEqual([state.drawn, clock.pending], [2, 0]);
});
