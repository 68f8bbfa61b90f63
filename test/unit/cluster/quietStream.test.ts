import assert from 'node:assert/strict';
import { test } from 'node:test';
import { QuietStream } from '../../../src/cluster/quietStream';

/** What comes through, in one piece and cut at every place. */
function through(text: string): string {
  const whole = new QuietStream().push(text);
  for (let at = 1; at < text.length; at++) {
    const stream = new QuietStream();
    assert.equal(stream.push(text.slice(0, at)) + stream.push(text.slice(at)), whole, `cut at ${at} of ${JSON.stringify(text)}`);
  }
  return whole;
}

for (const [what, sequence] of [
  ['writing the clipboard', '\x1b]52;c;c2VjcmV0\x07'], ['writing the clipboard, ended by ST', '\x1b]52;c;c2VjcmV0\x1b\\'], ['reading the clipboard', '\x1b]52;c;?\x07'],
  ['writing the clipboard, begun with one character', '\x9d52;c;c2VjcmV0\x9c'],
  ['title and icon', '\x1b]0;mine\x07'], ['icon', '\x1b]1;mine\x07'], ['title', '\x1b]2;mine\x1b\\'], ['title stack', '\x1b[22;0t\x1b[23;0t'], ['title report', '\x1b[21t'], ['window size', '\x1b[18t'],
  ['device attributes', '\x1b[c\x1b[0c\x1b[>c\x1b[=c\x1bZ\x9bc'], ['status and position', '\x1b[5n\x1b[6n\x1b[?6n'], ['modes', '\x1b[4$p\x1b[?2004$p'], ['version', '\x1b[>q\x1b[>0q'],
  ['questions with other characters in them', '\x1b[\nc\x1b[0\x7fc\x1b[\x055n'], ['questions with divided parameters', '\x1b[0:1c\x1b[5:0n\x1b[?6:0n'],
  ['settings', '\x1bP$qm\x1b\\'], ['capabilities', '\x1bP+q544e\x1b\\'], ['parameters', '\x1b[x\x1b[1x'], ['keyboard', '\x1b[?u'], ['answerback', '\x05'],
  ['colours', '\x1b]10;?\x07\x1b]11;?\x07\x1b]4;1;?\x07'], ['editor commands', '\x1b]633;E;rm\x07\x1b]1337;File=x\x07\x1b]133;A\x07\x1b]7;file:///\x07'], ['notifications', '\x1b]9;hi\x07\x1b]777;notify;a;b\x07'],
  ['application text', '\x1b_Gx\x1b\\\x1b^x\x1b\\\x1bXx\x1b\\'],
] as const) {
  test(`F27: nothing of ${what} comes through`, () => {
    assert.equal(through(`a${sequence}b`), 'ab');
  });
}

for (const [what, text] of [
  ['text', 'Привет, мир 🙂\r\n\t\b'], ['colours and cursor', '\x1b[31;1mred\x1b[0m\x1b[2J\x1b[H\x1b[10;5H\x1b[K\x1b[?25l\x1b[?1049h\x1b[?2004h'], ['charsets and modes', '\x1b(0lqk\x1b(B\x1b=\x1b>\x1b7\x1b8\x1bM\x1bc'],
  ['links', '\x1b]8;;https://example.org/\x07here\x1b]8;;\x07'], ['soft reset and cursor shape', '\x1b[!p\x1b[2 q'], ['repetition and scrolling', 'x\x1b[3b\x1b[1;20r\x1b[2S'],
] as const) {
  test(`${what} comes through as it is`, () => {
    assert.equal(through(text), text);
  });
}

test('a text that never ends takes no memory and hides what follows, until it is ended', () => {
  const stream = new QuietStream();
  assert.equal(stream.push('a\x1b]52;c;'), 'a');
  for (let piece = 0; piece < 100; piece++) {
    assert.equal(stream.push('QUJD'.repeat(10_000)), '');
  }
  assert.equal(stream.push('\x07b'), 'b');
});

for (const [what, begin, filler, end] of [['a control sequence', '\x1b[', '0', 'c'], ['an escape sequence', '\x1b', '(', 'Z']] as const) {
  test(`F27: ${what} that is longer than any real one takes no memory, and is no question when its end comes`, () => {
    const stream = new QuietStream();
    const parts = [begin, ...Array.from({ length: 100 }, () => filler.repeat(10_000)), end].map((part) => stream.push(part));
    assert.ok(!parts.join('').includes('\x1b'));
    assert.ok(parts.slice(2).every((part) => part.length > 0), 'nothing is kept any more');
  });
}

test('a link that is too long, and a sequence that is broken off, do not come through', () => {
  assert.equal(new QuietStream().push(`a\x1b]8;;https://${'x'.repeat(5000)}\x07b`), 'ab');
  assert.equal(through('a\x1b]52;c;\x18b'), 'ab');
  assert.equal(through('a\x1b]52;c;\x1b[31mb'), 'a\x1b[31mb');
});
