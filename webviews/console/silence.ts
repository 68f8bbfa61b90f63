import type { IFunctionIdentifier, Terminal } from '@xterm/xterm';

/** Control sequences that the terminal would answer: the answer would be typed into the machine. */
const questions: readonly IFunctionIdentifier[] = [
  { final: 'c' }, { prefix: '>', final: 'c' }, { prefix: '=', final: 'c' }, { final: 'n' }, { prefix: '?', final: 'n' },
  { intermediates: '$', final: 'p' }, { prefix: '?', intermediates: '$', final: 'p' }, { prefix: '>', final: 'q' }, { final: 't' },
];

/** Titles and icons (0, 1, 2), the clipboard (52). */
const refusedCommands = [0, 1, 2, 52] as const;

/** Colours, which may be set but not asked for. */
const colourCommands = [4, 10, 11, 12] as const;

/** Takes from the machine what reaches beyond its screen: answers, titles, the clipboard. */
export function silence({ parser }: Terminal): void {
  for (const id of questions) {
    parser.registerCsiHandler(id, () => true);
  }
  for (const command of refusedCommands) {
    parser.registerOscHandler(command, () => true);
  }
  for (const command of colourCommands) {
    parser.registerOscHandler(command, (data) => data.includes('?'));
  }
  parser.registerDcsHandler({ intermediates: '$', final: 'q' }, () => true);
}
