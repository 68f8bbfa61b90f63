import assert from 'node:assert/strict';
import { test } from 'node:test';
import xterm from '@xterm/xterm';
import { silence } from '../../../webviews/console/silence';

/** What a terminal says and shows after it was given `bytes`; `isSilent`: as the console has it. */
async function after(bytes: string, isSilent: boolean): Promise<{ readonly answers: string; readonly titles: readonly string[]; readonly shown: string }> {
  const terminal = new xterm.Terminal({ allowProposedApi: true });
  if (isSilent) {
    silence(terminal);
  }
  let answers = '';
  const titles: string[] = [];
  terminal.onData((text) => { answers += text; });
  terminal.onBinary((text) => { answers += text; });
  terminal.onTitleChange((title) => titles.push(title));
  await new Promise<void>((resolve) => {
    terminal.write(`a${bytes}b`, resolve);
  });
  const shown = terminal.buffer.active.getLine(0)?.translateToString(true) ?? '';
  terminal.dispose();
  return { answers, titles, shown };
}

for (const [what, bytes, isAnswered] of [
  ['device attributes', '\x1b[c\x1b[0c\x1b[>c', true], ['status and position', '\x1b[5n\x1b[6n\x1b[?6n', true], ['modes', '\x1b[4$p\x1b[?2004$p', true],
  ['settings', '\x1bP$qm\x1b\\', true], ['version', '\x1b[>q', false], ['window', '\x1b[14t\x1b[18t\x1b[21t', false],
  ['colours', '\x1b]10;?\x07\x1b]11;?\x07\x1b]12;?\x07\x1b]4;1;?\x07', false], ['the clipboard', '\x1b]52;c;?\x07\x1b]52;c;c2VjcmV0\x07', false], ['parameters and keyboard', '\x1b[x\x1b[?u\x05', false],
] as const) {
  test(`F27: the terminal answers nothing when asked for ${what}`, async () => {
    assert.deepEqual(await after(bytes, true), { answers: '', titles: [], shown: 'ab' });
    if (isAnswered) {
      assert.notEqual((await after(bytes, false)).answers, '', 'without us it would');
    }
  });
}

test('F27: titles and icons are left alone', async () => {
  const titles = '\x1b]0;mine\x07\x1b]1;mine\x07\x1b]2;mine\x1b\\\x1b[22;0t\x1b[23;0t';
  assert.deepEqual(await after(titles, true), { answers: '', titles: [], shown: 'ab' });
  assert.ok((await after(titles, false)).titles.length > 0, 'without us they would change');
});
