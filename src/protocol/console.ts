import { isFields } from './message';
import type { StreamIntent, StreamMemory, StreamStatus } from './stream';
import { streamIntent } from './stream';

export type ConsoleDown =
  /** The first message, in answer to `ready`. */
  | { readonly type: 'setup'; readonly state: StreamMemory; readonly texts: ConsoleTexts; readonly options: TerminalOptions }
  | { readonly type: 'options'; readonly options: TerminalOptions }
  | { readonly type: 'data'; readonly bytes: ArrayBuffer }
  | { readonly type: 'status'; readonly status: ConsoleStatus }
  /** Text that the user has agreed to paste. */
  | { readonly type: 'paste'; readonly text: string }
  /** Input came while there was no connection and is lost. */
  | { readonly type: 'dropped' };

export type ConsoleUp =
  | { readonly type: 'ready' }
  | { readonly type: 'input'; readonly text: string }
  /** So many bytes of `data` are on the screen. */
  | { readonly type: 'consumed'; readonly bytes: number }
  /** Several lines that nothing keeps from being carried out at once. */
  | { readonly type: 'paste'; readonly text: string }
  | { readonly type: 'copy'; readonly text: string }
  | { readonly type: 'save'; readonly text: string }
  | { readonly type: 'open'; readonly url: string }
  | { readonly type: StreamIntent };

export interface ConsoleStatus extends StreamStatus {
  /** What the terminal says before anything else is shown: what came meanwhile is missing. */
  readonly gap?: string;
}

/** The words that are fixed for a console. */
export interface ConsoleTexts {
  readonly terminal: string;
  readonly toolbar: string;
  readonly reconnect: string;
  readonly find: string;
  readonly clear: string;
  readonly save: string;
  readonly size: string;
  readonly dropped: string;
  readonly reloaded: string;
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
    case 'ready':
      return { type: 'ready' };
    case 'input': case 'paste': case 'copy': case 'save':
      return typeof value['text'] === 'string' ? { type: value['type'], text: value['text'] } : undefined;
    case 'consumed':
      return typeof value['bytes'] === 'number' && value['bytes'] >= 0 ? { type: 'consumed', bytes: value['bytes'] } : undefined;
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
      return value['bytes'] instanceof ArrayBuffer ? { type: 'data', bytes: value['bytes'] } : undefined;
    case 'paste':
      return typeof value['text'] === 'string' ? { type: 'paste', text: value['text'] } : undefined;
    case 'dropped':
      return { type: 'dropped' };
    case 'setup':
      return isFields(value['state']) && isFields(value['texts']) && isFields(value['options']) ? value as ConsoleDown : undefined;
    case 'options':
      return isFields(value['options']) ? value as ConsoleDown : undefined;
    case 'status':
      return isFields(value['status']) ? value as ConsoleDown : undefined;
    default:
      return undefined;
  }
}
