/** What the two ends of a webview say. State goes down, intents go up; there is no request and reply. Plain data only: it crosses by structured clone. */
export interface Panels {
  console: {
    down:
      /** The first message, in answer to `ready`. */
      | { readonly type: 'setup'; readonly state: ConsoleMemory; readonly texts: ConsoleTexts; readonly options: TerminalOptions }
      | { readonly type: 'options'; readonly options: TerminalOptions }
      | { readonly type: 'data'; readonly bytes: ArrayBuffer }
      | { readonly type: 'status'; readonly status: ConsoleStatus }
      /** Text that the user has agreed to paste. */
      | { readonly type: 'paste'; readonly text: string }
      /** Input came while there was no connection and is lost. */
      | { readonly type: 'dropped' };
    up:
      | { readonly type: 'ready' }
      | { readonly type: 'input'; readonly text: string }
      /** So many bytes of `data` are on the screen. */
      | { readonly type: 'consumed'; readonly bytes: number }
      /** Several lines that nothing keeps from being carried out at once. */
      | { readonly type: 'paste'; readonly text: string }
      | { readonly type: 'copy'; readonly text: string }
      | { readonly type: 'save'; readonly text: string }
      | { readonly type: 'open'; readonly url: string }
      | { readonly type: ConsoleIntent };
  };
}

/** What a button asks for. */
export type ConsoleIntent = 'connect' | 'takeOver' | 'stop' | 'start';

/** What VS Code keeps of the panel across a reload; the webview adds `screen`. */
export interface ConsoleMemory {
  readonly context: string;
  readonly namespace: string;
  readonly name: string;
}

/** In the words of the user's language. */
export interface ConsoleStatus {
  readonly phase: 'connecting' | 'open' | 'waiting' | 'stopped' | 'held' | 'ended';
  /** For the toolbar. `{0}` stands for the seconds until `retryAtMs`. */
  readonly line: string;
  /** Epoch. */
  readonly retryAtMs?: number;
  /** What the terminal says before anything else is shown: what came meanwhile is missing. */
  readonly gap?: string;
  /** Over the terminal, for what stops the session. */
  readonly overlay?: { readonly title: string; readonly detail: string; readonly actions: readonly { readonly intent: ConsoleIntent; readonly label: string }[] };
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

export type PanelName = keyof Panels;
export type Down<P extends PanelName> = Panels[P]['down'];
export type Up<P extends PanelName> = Panels[P]['up'];
