/** Colours a context may have in the status bar. `red` and `yellow` fill the item, the others tint its text. */
export const contextColours = ['red', 'yellow', 'green', 'blue', 'purple'] as const;

export type ContextColour = (typeof contextColours)[number];

/** What the user says about contexts whose name matches a pattern. */
export interface ContextSettings {
  readonly color?: ContextColour;
  /** Shown instead of the context's name. */
  readonly label?: string;
  /** Every write to this context is refused. */
  readonly readOnly?: boolean;
  /** Namespaces to look into where listing all of them is not allowed. */
  readonly namespaces?: readonly string[];
}

export interface Settings {
  /** Kubeconfig files instead of `KUBECONFIG` and `~/.kube/config`, written as in `KUBECONFIG`; empty: those. */
  readonly kubeconfig: string;
  /** By pattern of the context's name, `*` for any characters. */
  readonly contexts: Readonly<Record<string, ContextSettings>>;
  readonly readOnly: boolean;
  /** Programs that a kubeconfig names for credentials: ask before the first run, run all, run none. */
  readonly credentialPlugins: 'ask' | 'allow' | 'deny';
  /** Which module's schemas serve while no cluster answers. */
  readonly 'schemas.module': 'auto' | '1.10' | '0.17';
  /** How loud findings in manifests are, by code or group: `error`, `warning`, `information`, `hint` or `off`. */
  readonly 'diagnostics.severity': Readonly<Record<string, string>>;
  /** Shows in manifests what the cluster will add. */
  readonly inlayHints: boolean;
  /** Where serial consoles open. */
  readonly 'console.surface': 'panel' | 'terminal';
  /** Further combinations of keys that a screen offers to send, by the name they are offered under. */
  readonly 'vnc.keyCombinations': Readonly<Record<string, string>>;
}

/** Every setting with its default; package.json agrees, a test sees to that. */
export const settingDefaults: Settings = {
  kubeconfig: '',
  contexts: {},
  readOnly: false,
  credentialPlugins: 'ask',
  'schemas.module': 'auto',
  'diagnostics.severity': {},
  inlayHints: false,
  'console.surface': 'panel',
  'vnc.keyCombinations': {},
};
