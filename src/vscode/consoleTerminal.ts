import { EventEmitter, type Terminal, ThemeIcon, window } from 'vscode';
import { type Disposable, DisposableStore } from '../base/disposable';
import { systemClock } from '../base/timing';
import { QuietStream } from '../cluster/quietStream';
import type { StreamIntent, StreamMemory, StreamStatus } from '../protocol/stream';
import { consoleStatus } from './panels/consoleStatus';
import { markText } from './panels/consoleTexts';
import { MachineStream } from './panels/machineStream';
import type { StreamPanelOptions } from './panels/streamPanels';

/** What `Ctrl+]` sends; the platform's own client leaves with it. */
const leave = '\x1d';

/** A terminal does not say how far it is: this much goes in one burst, and then the machine waits a moment. */
const burstBytes = 512 * 1024;
const restMs = 50;

/** Keys that answer while there is no connection. */
const keys: Readonly<Record<string, StreamIntent>> = { '\r': 'connect', t: 'takeOver', w: 'wait', q: 'stop' };

/** The serial console of a machine in a terminal of the editor. `onClosed` is called when the user closes it. */
export function consoleTerminal(target: StreamMemory, label: string, { clusters, log, userAgent }: StreamPanelOptions, onClosed: () => void): Disposable & { readonly terminal: Terminal } {
  const store = new DisposableStore();
  const written = store.add(new EventEmitter<string>());
  const decoder = new TextDecoder();
  const quiet = new QuietStream();
  let said = '';
  let offered: readonly StreamIntent[] = [];
  let burst = 0;
  let rest: Disposable | undefined;

  const stream = store.add(new MachineStream({ clusters, log, userAgent, target, stream: 'console', greeting: '\r' }));
  store.add(stream.onDidChange(() => say(consoleStatus(stream.status))));
  const say = (status: StreamStatus) => {
    // That it connects is not said here, so no key answers.
    const isQuiet = status.phase === 'connecting';
    offered = isQuiet ? [] : status.overlay?.actions.map(({ intent }) => intent) ?? [];
    const text = wordsOf(status);
    if (text !== said && !isQuiet) {
      said = text;
      written.fire(markText(text));
    }
  };
  store.add(stream.link.onData((bytes) => {
    written.fire(quiet.push(decoder.decode(bytes, { stream: true })));
    burst += bytes.length;
    if (burst > burstBytes && !rest) {
      stream.link.pause();
      rest = systemClock.after(restMs, () => {
        rest = undefined;
        burst = 0;
        stream.link.resume();
      });
    }
  }));
  const answer = (intent: StreamIntent) => {
    switch (intent) {
      case 'connect': stream.link.connect(); break;
      case 'takeOver': stream.link.takeOver(); break;
      case 'wait': stream.link.waitUntilFree(); break;
      case 'stop': case 'start': stream.link.stop(); break;
    }
  };
  const handleInput = (text: string) => {
    if (text === leave) {
      stream.link.stop();
    } else if (!stream.link.send(text)) {
      const intent = keys[text];
      if (intent && offered.includes(intent)) {
        answer(intent);
      } else {
        written.fire('\x07');
      }
    }
  };
  const terminal = window.createTerminal({
    name: label, iconPath: new ThemeIcon('vm'), isTransient: true,
    pty: {
      onDidWrite: written.event, handleInput,
      open: () => stream.start(),
      close: () => onClosed(),
    },
  });
  store.add({ dispose: () => rest?.dispose() });
  store.add(terminal);
  return { terminal, dispose: () => store.dispose() };
}

/** State, details and the keys that answer, in the lines of a terminal. */
function wordsOf({ line, overlay }: StreamStatus): string {
  const hints = (overlay?.actions ?? []).flatMap(({ intent, label }) => {
    const [key] = Object.entries(keys).find(([, one]) => one === intent) ?? [];
    return key === undefined ? [] : [`${key === '\r' ? 'Enter' : key}: ${label}`];
  });
  return [overlay?.title ?? line, ...(overlay?.detail.split('\n').filter((text) => text !== '') ?? []), ...hints].join('\r\n   ');
}
