/** What begins a control sequence: escape, and the same as single characters. */
const beginnings = /[\x05\x1b\x90\x98\x9b\x9d\x9e\x9f]/;

/** A sequence that is longer is none that we would let through. */
const longestKept = 4096;

/** Sequences with parameters that the terminal would answer, which would be typed into the machine; window titles and sizes (`t`). */
const questions = /^\x1b\[(?:[>=]?[\d;:]*c|\??[\d;:]*n|\??[\d;:]*\$p|>[\d;:]*q|[\d;:]*[tx]|\?[\d;:]*u)$/;

/** Characters that a terminal obeys or passes over in the midst of a sequence, and then goes on with it. */
const between = /[\x00-\x1a\x1c-\x1f\x7f]/g;

/**
 * Takes from what a machine prints that which reaches beyond its screen: answers, titles, the clipboard and everything else that a program may
 * ask of a terminal as a text, but links. For terminals that cannot be told to ignore it. Sequences may be cut anywhere.
 */
export class QuietStream {
  /** A sequence that is not complete, from its beginning. */
  #open = '';

  push(text: string): string {
    let rest = this.#open + text;
    this.#open = '';
    let quiet = '';
    for (let at = rest.search(beginnings); at >= 0; at = rest.search(beginnings)) {
      quiet += rest.slice(0, at);
      rest = rest.slice(at);
      const length = lengthOf(rest);
      if (length === undefined) {
        // What is dropped in the end need not be kept: only how it began.
        this.#open = rest.length > longestKept && isText(rest) ? `${spelledOut(rest).slice(0, 2)}!${rest.slice(-1)}` : rest;
        return quiet;
      }
      const sequence = rest.slice(0, length);
      quiet += isQuiet(spelledOut(sequence)) ? sequence : '';
      rest = rest.slice(length);
    }
    return quiet + rest;
  }
}

const singles: Readonly<Record<string, string>> = { '\x90': '\x1bP', '\x98': '\x1bX', '\x9b': '\x1b[', '\x9d': '\x1b]', '\x9e': '\x1b^', '\x9f': '\x1b_' };

/** With escape, where it began with a single character. */
function spelledOut(sequence: string): string {
  return (singles[sequence.charAt(0)] ?? sequence.charAt(0)) + sequence.slice(1);
}

/** Whether it carries text up to a terminator: a command to the system, the device, or an application. */
function isText(sequence: string): boolean {
  return /^\x1b[P\]X^_]/.test(spelledOut(sequence));
}

/** How many characters of `text` its first sequence has; `undefined`: it is not complete. */
function lengthOf(text: string): number | undefined {
  if (text.startsWith('\x05')) {
    return 1;
  }
  if (text === '\x1b') {
    return undefined;
  }
  const head = text.startsWith('\x1b') ? 2 : 1;
  const rest = text.slice(head);
  if (isText(text)) {
    const end = /[\x07\x9c\x18\x1a]|\x1b\\?/.exec(rest);
    if (!end || (end[0] === '\x1b' && end.index === rest.length - 1)) {
      return undefined;
    }
    // An escape that ends nothing begins the next sequence.
    return head + end.index + (end[0] === '\x1b' ? 0 : end[0].length);
  }
  if (/^\x1b\[/.test(spelledOut(text))) {
    const end = /[@-~\x18\x1a\x1b]/.exec(rest);
    return end ? head + end.index + (end[0] === '\x1b' ? 0 : 1) : unfinished(text);
  }
  const end = /[^ -/]/.exec(text.slice(1));
  return end ? 1 + end.index + (end[0] === '\x1b' ? 0 : 1) : unfinished(text);
}

/** A sequence without text is not waited for longer than any real one takes. */
function unfinished(text: string): number | undefined {
  return text.length > longestKept ? text.length : undefined;
}

function isQuiet(sequence: string): boolean {
  if (sequence.length > longestKept) {
    return false;
  }
  if (isText(sequence)) {
    return /^\x1b\]8;/.test(sequence);
  }
  const plain = sequence.replace(between, '');
  return sequence !== '\x05' && plain !== '\x1bZ' && !questions.test(plain);
}
