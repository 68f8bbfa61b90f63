import type { ConsoleTexts } from '../../src/protocol/console';
import type { StreamIntent } from '../../src/protocol/stream';
import { StreamFrame } from '../shared/streamFrame';
import { button, textField } from '../shared/toolkit';

export interface Actions {
  readonly intent: (intent: StreamIntent) => void;
  readonly find: (text: string, isBackward: boolean) => void;
  readonly clear: () => void;
  readonly save: () => void;
  readonly size: () => void;
  readonly focus: () => void;
}

/** The page of a console. `search` puts the cursor into the field that finds. */
export function consoleFrame(texts: ConsoleTexts, actions: Actions): { readonly frame: StreamFrame; readonly search: () => void } {
  const field = textField(texts.find);
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') {
      actions.find(field.value, event.shiftKey);
    } else if (event.key === 'Escape') {
      actions.focus();
    }
  });
  const flat = (label: string, run: () => void) => button(label, run, { appearance: 'icon' });
  const frame = new StreamFrame({ toolbar: texts.toolbar, screen: texts.terminal, intent: actions.intent }, [
    field, flat(texts.reconnect, () => actions.intent('connect')), flat(texts.size, actions.size), flat(texts.clear, actions.clear), flat(texts.save, actions.save),
  ]);
  const search = () => {
    field.focus();
    field.shadowRoot?.querySelector('input')?.select();
  };
  return { frame, search };
}
