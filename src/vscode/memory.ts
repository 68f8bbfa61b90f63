import type { ExtensionContext } from 'vscode';
import type { SshLogin } from '../domain/sshLogin';
import type { TreeOptions } from '../domain/treeNode';
import type { VncChoice } from '../protocol/vnc';

/** A port of a machine that the user wants to find again. */
export interface RememberedPort {
  /** Id of the context. */
  readonly context: string;
  readonly namespace: string;
  readonly name: string;
  /** As `parsePorts` reads it. */
  readonly ports: string;
}

/** What is kept across reloads. Names and choices only, nothing secret. */
export interface Remembered {
  /** Id of the context that manifests and the palette speak to. */
  readonly current: string | undefined;
  /** Ids of the contexts that were connected; `undefined`: none ever was. */
  readonly connected: readonly string[] | undefined;
  /** By id of the tree's node: opened or closed by the user. */
  readonly expanded: Readonly<Record<string, boolean>>;
  /** Namespaces shown, by id of the context; absent: all. */
  readonly namespaces: Readonly<Record<string, readonly string[]>>;
  readonly options: TreeOptions;
  /** Kubeconfig files that the user picked. */
  readonly kubeconfigs: readonly string[];
  /** What was heard of migrations, by id of the context. */
  readonly migrations: Readonly<Record<string, unknown>>;
  /** A random word that migrations carry which were started here; `undefined`: none has been chosen yet. */
  readonly mark: string | undefined;
  /** Programs for credentials that the user allowed, see `pluginPolicy.ts`. */
  readonly allowedPlugins: readonly string[];
  readonly ports: readonly RememberedPort[];
  /** How screens are shown and typed on, by machine, see `vncPanel.ts`; the last one was chosen last. */
  readonly screens: Readonly<Record<string, VncChoice>>;
  /** How the user logs in, by machine; see `ssh/login.ts`. */
  readonly logins: Readonly<Record<string, SshLogin>>;
}

const initial: Remembered = {
  current: undefined,
  connected: undefined,
  expanded: {},
  namespaces: {},
  options: { groupBy: 'namespace', sort: 'health', filter: '' },
  kubeconfigs: [],
  migrations: {},
  mark: undefined,
  allowedPlugins: [],
  ports: [],
  screens: {},
  logins: {},
};

/** Choices that belong to the user wherever they work. */
const everywhere: readonly (keyof Remembered)[] = ['kubeconfigs', 'allowedPlugins', 'ports', 'screens', 'logins'];

/** What means nothing elsewhere. */
const hereOnly: readonly (keyof Remembered)[] = ['migrations', 'mark'];

/** A workspace keeps its own choices; a new one begins with those made last anywhere. */
export class Memory {
  readonly #workspace: ExtensionContext['workspaceState'];
  readonly #global: ExtensionContext['globalState'];

  constructor({ workspaceState, globalState }: Pick<ExtensionContext, 'workspaceState' | 'globalState'>) {
    this.#workspace = workspaceState;
    this.#global = globalState;
  }

  get<K extends keyof Remembered>(key: K): Remembered[K] {
    const own = everywhere.includes(key) ? undefined : this.#workspace.get<Remembered[K]>(key);
    return own ?? this.#global.get<Remembered[K]>(key) ?? initial[key];
  }

  set<K extends keyof Remembered>(key: K, value: Remembered[K]): void {
    if (!hereOnly.includes(key)) {
      void this.#global.update(key, value);
    }
    if (!everywhere.includes(key)) {
      void this.#workspace.update(key, value);
    }
  }
}
