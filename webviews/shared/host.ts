import type { Down, PanelName, Up } from '../../src/protocol/panels';

type Setup<P extends PanelName> = Extract<Down<P>, { readonly type: 'setup' }>;

/** The extension, seen from a panel: what it is told, and what VS Code keeps for the panel across a reload of the window. */
export interface Host<P extends PanelName, Saved> {
  post(message: Up<P>): void;
  getState(): Saved | undefined;
  setState(state: Saved): void;
}

export interface ConnectOptions {
  /** The extension begins by itself when it makes the page, which saves a way there and back: `ready` is said only if nothing has come with the page. */
  readonly isToldFirst?: boolean;
}

/** What came before `connect` was called: the modules of a page may wait for the browser. */
const early: MessageEvent<unknown>[] = [];
const keep = (event: MessageEvent<unknown>) => void early.push(event);
window.addEventListener('message', keep);

/**
 * Says `ready` and calls `start` with the answer; what that gives takes every further message. `parse` gives `undefined` for what is no
 * message of this panel. Call it once: VS Code hands its end out only once.
 */
export function connect<P extends PanelName, Saved = unknown>(parse: (value: unknown) => Down<P> | undefined, start: (setup: Setup<P>, host: Host<P, Saved>) => (message: Down<P>) => void, { isToldFirst = false }: ConnectOptions = {}): void {
  const api = acquireVsCodeApi<Saved>();
  const host: Host<P, Saved> = {
    post: (message) => api.postMessage(message),
    getState: () => api.getState(),
    setState: (state) => api.setState(state),
  };
  let receive: ((message: Down<P>) => void) | undefined;
  const hear = ({ data }: MessageEvent<unknown>) => {
    const message = parse(data);
    if (message?.type === 'setup') {
      receive ??= start(message as Setup<P>, host);
    } else if (message) {
      receive?.(message);
    }
  };
  window.removeEventListener('message', keep);
  window.addEventListener('message', hear);
  early.splice(0).forEach(hear);
  const ask = () => {
    if (!receive) {
      api.postMessage({ type: 'ready' });
    }
  };
  if (isToldFirst && document.readyState !== 'complete') {
    // VS Code hands over what came before the page when it has loaded.
    window.addEventListener('load', () => setTimeout(ask, 0));
  } else {
    ask();
  }
}

declare function acquireVsCodeApi<Saved>(): { postMessage(message: unknown): void; getState(): Saved | undefined; setState(state: Saved): void };
