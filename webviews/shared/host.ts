import type { Down, PanelName, Up } from '../../src/protocol/panels';

type Setup<P extends PanelName> = Extract<Down<P>, { readonly type: 'setup' }>;

/** The extension, seen from a panel: what it is told, and what VS Code keeps for the panel across a reload of the window. */
export interface Host<P extends PanelName, Saved> {
  post(message: Up<P>): void;
  getState(): Saved | undefined;
  setState(state: Saved): void;
}

/**
 * Says `ready` and calls `start` with the answer; what that gives takes every further message. `parse` gives `undefined` for what is no
 * message of this panel. Call it once: VS Code hands its end out only once.
 */
export function connect<P extends PanelName, Saved = unknown>(parse: (value: unknown) => Down<P> | undefined, start: (setup: Setup<P>, host: Host<P, Saved>) => (message: Down<P>) => void): void {
  const api = acquireVsCodeApi<Saved>();
  const host: Host<P, Saved> = {
    post: (message) => api.postMessage(message),
    getState: () => api.getState(),
    setState: (state) => api.setState(state),
  };
  let receive: ((message: Down<P>) => void) | undefined;
  window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    const message = parse(data);
    if (message?.type === 'setup') {
      receive ??= start(message as Setup<P>, host);
    } else if (message) {
      receive?.(message);
    }
  });
  api.postMessage({ type: 'ready' });
}

declare function acquireVsCodeApi<Saved>(): { postMessage(message: unknown): void; getState(): Saved | undefined; setState(state: Saved): void };
