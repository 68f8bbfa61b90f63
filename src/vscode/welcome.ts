import { commands, workspace } from 'vscode';
import { DisposableStore } from '../base/disposable';
import type { Problem } from '../domain/problem';
import type { Clusters } from './clusters';

/** What `dvp.state` may be; `viewsWelcome` in package.json has a text for each. */
export type WelcomeState =
  | 'untrusted' | 'loading' | 'noKubeconfig' | 'badKubeconfig' | 'idle' | 'connecting'
  | 'unreachable' | 'credentials' | 'forbidden' | 'noModule' | 'live';

/** Keeps the context keys that menus and welcome texts ask for. */
export class ContextKeys {
  readonly #clusters: Clusters;
  readonly #isFiltered: () => boolean;
  readonly #store = new DisposableStore();
  readonly #set = new Map<string, unknown>();

  constructor(clusters: Clusters, isFiltered: () => boolean) {
    this.#clusters = clusters;
    this.#isFiltered = isFiltered;
    this.#store.add(clusters.onDidChange(() => this.update()));
    // A refusal of one kind is told with its objects.
    this.#store.add(clusters.onDidChangeObjects(() => this.update()));
    this.update();
  }

  update(): void {
    this.#put('dvp.state', stateOf(this.#clusters));
    this.#put('dvp.connected', this.#clusters.sessions.length > 0);
    this.#put('dvp.filtered', this.#isFiltered());
  }

  dispose(): void {
    this.#store.dispose();
  }

  #put(key: string, value: unknown): void {
    if (this.#set.get(key) !== value) {
      this.#set.set(key, value);
      void commands.executeCommand('setContext', key, value);
    }
  }
}

function stateOf(clusters: Clusters): WelcomeState {
  if (!workspace.isTrusted) {
    return 'untrusted';
  }
  if (!clusters.contexts) {
    return 'loading';
  }
  if (clusters.contexts.length === 0) {
    return clusters.problems.length > 0 ? 'badKubeconfig' : 'noKubeconfig';
  }
  const states = clusters.sessions.map(({ view }) => {
    const { connection, kinds } = view;
    if (connection.phase === 'failed' || connection.phase === 'lost') {
      return stateOfProblem(connection.problem);
    }
    if (connection.phase !== 'live' || !kinds) {
      return 'connecting';
    }
    const machines = view.state('VirtualMachine');
    if (machines.phase === 'failed') {
      return stateOfProblem(machines.problem);
    }
    return kinds.some(({ id }) => id === 'VirtualMachine') ? 'live' : 'noModule';
  });
  // One cluster that is well is enough; otherwise the first says what is wrong.
  return states.includes('live') ? 'live' : (states[0] ?? 'idle');
}

function stateOfProblem({ reason }: Problem): WelcomeState {
  switch (reason) {
    case 'credentials': case 'unauthorized': return 'credentials';
    case 'forbidden': case 'denied': return 'forbidden';
    case 'notServed': return 'noModule';
    case 'notFound': case 'alreadyExists': case 'conflict': case 'gone': case 'invalid': case 'throttled': case 'tls': case 'proxy':
    case 'unreachable': case 'timeout': case 'server': case 'readOnly': case 'configuration':
      return 'unreachable';
  }
}
