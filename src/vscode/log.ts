import { type LogOutputChannel, window } from 'vscode';

/** The extension's output channel: what happened, never secrets, manifests or user data. */
export type Log = LogOutputChannel;

export function createLog(): Log {
  return window.createOutputChannel('Deckhouse Virtualization', { log: true });
}
