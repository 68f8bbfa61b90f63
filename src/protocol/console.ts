import { isFields } from './message';
import type { StreamIntent, StreamMemory, StreamStatus } from './stream';
import { streamIntent } from './stream';

export type ConsoleDown =
  /** The first message, in answer to `ready`. Without `state` the page plays a recording and has no machine. */
  | { readonly type: 'setup'; readonly state?: ConsoleMemory; readonly texts: ConsoleTexts; readonly options: TerminalOptions }
  | { readonly type: 'options'; readonly options: TerminalOptions }
  /** What is on the screen is void; these bytes make it anew. */
  | { readonly type: 'restart'; readonly bytes: ArrayBuffer }
  /** `isPacked`: by `deflate`, without a header (RFC 1951). */
  | { readonly type: 'data'; readonly bytes: ArrayBuffer; readonly isPacked?: true }
  | { readonly type: 'status'; readonly status: StreamStatus }
  /** Text that the user has agreed to paste; empty when they have not. The question took the keyboard: the terminal takes it back. */
  | { readonly type: 'paste'; readonly text: string }
  /** Input came while there was no connection and is lost. */
  | { readonly type: 'dropped' }
  /** `startMs` (epoch) while it is recorded; `notice` is what the user has to know of it. */
  | { readonly type: 'recording'; readonly startMs?: number; readonly notice?: string }
  | { readonly type: 'play'; readonly cast: PlayedCast };

export type ConsoleUp =
  | { readonly type: 'ready' }
  | { readonly type: 'input'; readonly text: string }
  /** So many bytes of `restart` and `data`, unpacked, are on the screen. */
  | { readonly type: 'consumed'; readonly bytes: number }
  /** How large the terminal is now. */
  | { readonly type: 'size'; readonly columns: number; readonly rows: number }
  /** Several lines that nothing keeps from being carried out at once. */
  | { readonly type: 'paste'; readonly text: string }
  | { readonly type: 'copy'; readonly text: string }
  | { readonly type: 'save'; readonly text: string }
  | { readonly type: 'open'; readonly url: string }
  /** What was shown until now is not wanted any more. */
  | { readonly type: 'clear' }
  /** Begins a recording, or ends it. */
  | { readonly type: 'record' }
  /** Asks for a recording to play. */
  | { readonly type: 'choose' }
  | { readonly type: StreamIntent };

export interface ConsoleMemory extends StreamMemory {
  /** Names what is kept of the screen; made by the extension, letters and digits. */
  readonly id: string;
}

/** A recording as the page plays it, in the order of the times: seconds, kind (see asciicast version 2), data. */
export interface PlayedCast {
  readonly columns: number;
  readonly rows: number;
  readonly title: string;
  readonly events: readonly (readonly [atS: number, kind: string, data: string])[];
}

/** The words that are fixed for a console. */
export interface ConsoleTexts {
  readonly terminal: string;
  readonly toolbar: string;
  readonly more: string;
  readonly reconnect: string;
  readonly find: string;
  readonly notFound: string;
  readonly link: string;
  readonly clear: string;
  readonly save: string;
  readonly size: string;
  readonly sizeTooltip: string;
  readonly dropped: string;
  readonly capture: string;
  readonly captureTooltip: string;
  readonly captured: string;
  readonly record: string;
  readonly recordTooltip: string;
  readonly play: string;
  readonly playTooltip: string;
  readonly player: string;
  readonly resume: string;
  readonly pause: string;
  readonly position: string;
  readonly speed: string;
  readonly close: string;
}

/** As the editor's terminal has them. */
export interface TerminalOptions {
  /** Empty: the editor's. */
  readonly fontFamily: string;
  /** Pixels. */
  readonly fontSize: number;
  readonly lineHeight: number;
  readonly cursorBlink: boolean;
  /** Lines. */
  readonly scrollback: number;
}

/** The message, or `undefined` for what the webview of a console never says. */
export function consoleUp(value: unknown): ConsoleUp | undefined {
  if (!isFields(value)) {
    return undefined;
  }
  switch (value['type']) {
    case 'ready': case 'clear': case 'record': case 'choose':
      return { type: value['type'] };
    case 'input': case 'paste': case 'copy': case 'save':
      return typeof value['text'] === 'string' ? { type: value['type'], text: value['text'] } : undefined;
    case 'consumed':
      return isCount(value['bytes']) ? { type: 'consumed', bytes: value['bytes'] } : undefined;
    case 'size':
      return isCount(value['columns']) && isCount(value['rows']) ? { type: 'size', columns: value['columns'], rows: value['rows'] } : undefined;
    case 'open':
      return typeof value['url'] === 'string' && /^https?:\/\//i.test(value['url']) ? { type: 'open', url: value['url'] } : undefined;
    default:
      return streamIntent(value);
  }
}

/** The message, or `undefined` for what the extension never says to a console. The extension's own parts are taken as they are. */
export function consoleDown(value: unknown): ConsoleDown | undefined {
  if (!isFields(value)) {
    return undefined;
  }
  switch (value['type']) {
    case 'data':
      return value['bytes'] instanceof ArrayBuffer ? { type: 'data', bytes: value['bytes'], ...(value['isPacked'] === true && { isPacked: true }) } : undefined;
    case 'restart':
      return value['bytes'] instanceof ArrayBuffer ? { type: 'restart', bytes: value['bytes'] } : undefined;
    case 'paste':
      return typeof value['text'] === 'string' ? { type: 'paste', text: value['text'] } : undefined;
    case 'dropped':
      return { type: 'dropped' };
    case 'setup':
      return isFields(value['texts']) && isFields(value['options']) ? value as ConsoleDown : undefined;
    case 'options':
      return isFields(value['options']) ? value as ConsoleDown : undefined;
    case 'status':
      return isFields(value['status']) ? value as ConsoleDown : undefined;
    case 'recording':
      return ['undefined', 'number'].includes(typeof value['startMs']) && ['undefined', 'string'].includes(typeof value['notice']) ? value as ConsoleDown : undefined;
    case 'play':
      return isFields(value['cast']) && Array.isArray(value['cast']['events']) ? value as ConsoleDown : undefined;
    default:
      return undefined;
  }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
