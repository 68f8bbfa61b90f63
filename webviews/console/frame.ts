import type { ConsoleTexts } from '../../src/protocol/console';
import type { StreamIntent } from '../../src/protocol/stream';
import { setText } from '../shared/patch';
import { StreamFrame } from '../shared/streamFrame';
import { button, textField, toggle } from '../shared/toolkit';

export interface Actions {
  readonly intent: (intent: StreamIntent) => void;
  readonly find: (text: string, isBackward: boolean) => void;
  /** While it is typed: stays where it fits. */
  readonly findFrom: (text: string) => void;
  readonly clear: () => void;
  readonly save: () => void;
  readonly size: () => void;
  readonly capture: (is: boolean) => void;
  readonly record: () => void;
  readonly play: () => void;
  readonly focus: () => void;
}

export interface ConsoleFrame {
  readonly frame: StreamFrame;
  /** Puts the cursor into the field that finds. */
  readonly search: () => void;
  readonly showSize: (columns: number, rows: number) => void;
  readonly showCapture: (is: boolean) => void;
  /** `startMs`: epoch; absent: nothing is recorded. */
  readonly showRecording: (startMs: number | undefined) => void;
}

/** The page of a console. */
export function consoleFrame(texts: ConsoleTexts, actions: Actions): ConsoleFrame {
  const field = textField(texts.find);
  field.addEventListener('input', () => actions.findFrom(field.value));
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') {
      actions.find(field.value, event.shiftKey);
    } else if (event.key === 'Escape') {
      actions.focus();
    }
  });
  const flat = (label: string, run: () => void, tooltip = '') => button(label, run, { appearance: 'icon', tooltip });
  const size = flat('', actions.size, texts.sizeTooltip);
  const capture = toggle(texts.capture, actions.capture, { tooltip: texts.captureTooltip });
  const record = toggle(texts.record, actions.record, { tooltip: texts.recordTooltip });
  record.element.classList.add('record');
  const frame = new StreamFrame({ toolbar: texts.toolbar, more: texts.more, screen: texts.terminal, intent: actions.intent }, [
    field, capture.element, record.element, size, flat(texts.reconnect, () => actions.intent('connect')), flat(texts.clear, actions.clear), flat(texts.save, actions.save), flat(texts.play, actions.play, texts.playTooltip),
  ]);
  let counting: ReturnType<typeof setInterval> | undefined;
  return {
    frame,
    search: () => {
      field.focus();
      field.shadowRoot?.querySelector('input')?.select();
    },
    showSize: (columns, rows) => {
      const label = texts.size.replace('{0}', String(columns)).replace('{1}', String(rows));
      setText(size, label);
      size.setAttribute('aria-label', `${label}. ${texts.sizeTooltip}`);
    },
    showCapture: (is) => {
      capture.pressed = is;
    },
    showRecording: (startMs) => {
      clearInterval(counting);
      record.pressed = startMs !== undefined;
      const count = () => {
        const seconds = Math.max(0, Math.floor((Date.now() - (startMs ?? 0)) / 1000));
        const label = startMs === undefined ? texts.record : `${texts.record} ${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
        setText(record.element, label);
        record.element.setAttribute('aria-label', label);
      };
      count();
      counting = startMs === undefined ? undefined : setInterval(count, 1000);
    },
  };
}
