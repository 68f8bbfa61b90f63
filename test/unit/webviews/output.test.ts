import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pack } from '../../../src/cluster/pack';
import { Output } from '../../../webviews/console/output';
import { Unpacking } from '../../../webviews/shared/unpacked';
import { until } from '../../until';

/** A terminal that draws at once, and what it shows. */
function shown() {
  const screen = { text: '', resets: 0, consumed: 0 };
  const output = new Output({
    write: (data, drawn) => {
      screen.text += typeof data === 'string' ? data : Buffer.from(data).toString('latin1');
      drawn?.();
    },
    reset: () => {
      screen.text = '';
      screen.resets++;
    },
  }, (bytes) => { screen.consumed += bytes; });
  return { screen, output };
}

const bytesOf = (text: string) => new Uint8Array(Buffer.from(text)).buffer;
const lines = 'much of the same\r\n'.repeat(10_000);

function packed(text: string): ArrayBuffer {
  const bytes = pack(Buffer.from(text));
  assert.ok(bytes && bytes.length < text.length / 10);
  return bytes.buffer;
}

/** Until as much was drawn; what is unpacked comes through a stream. */
async function drawn(screen: { readonly consumed: number }, bytes: number): Promise<void> {
  while (screen.consumed < bytes) {
    await new Promise((resolve) => { setImmediate(resolve); });
  }
}

test('what is packed and what is not is shown in the order in which it came, and counted as it is drawn', async () => {
  const { screen, output } = shown();
  const all = `first ${lines}then ${lines}last`;
  output.data(bytesOf('first '), false);
  assert.equal(output.isFlooded, false);
  output.data(packed(lines), true);
  output.data(bytesOf('then '), false);
  output.data(packed(lines), true);
  output.data(bytesOf('last'), false);
  assert.equal(output.isFlooded, true);
  await drawn(screen, all.length);
  assert.equal(output.isFlooded, false);
  assert.equal(screen.text, all);
  assert.equal(screen.consumed, all.length);
});

test('a new beginning makes void what came before it, also what is still packed', async () => {
  const { screen, output } = shown();
  output.data(packed(lines), true);
  output.restart(bytesOf('anew'));
  await drawn(screen, lines.length + 4);
  assert.deepEqual([screen.text, screen.resets], ['anew', 1]);
});

test('little, and what cannot be packed, is left as it is', () => {
  assert.equal(pack(Buffer.from('x'.repeat(1000))), undefined);
  const noise = new Uint8Array(100_000);
  for (let at = 0, seed = 1; at < noise.length; at++) {
    seed = Math.imul(seed, 1_103_515_245) + 12_345 | 0;
    noise[at] = seed >>> 16;
  }
  assert.equal(pack(noise), undefined);
});

test('pictures that are packed and those that are not keep their order, and the first of all waits for nobody', async () => {
  const unpacking = new Unpacking();
  let text = '';
  const use = (pieces: readonly Uint8Array[]) => { text += Buffer.concat(pieces).toString('latin1'); };
  unpacking.take(bytesOf('first '), false, use);
  assert.equal(text, 'first ');
  unpacking.take(packed(lines), true, use);
  unpacking.take(bytesOf('then'), false, use);
  await until(() => text.endsWith('then'), 'It never came.');
  assert.equal(text, `first ${lines}then`);
  await until(() => {
    unpacking.take(bytesOf('.'), false, use);
    return text.endsWith('.');
  }, 'It never came to rest.');
});
