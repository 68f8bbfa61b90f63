/** What the panels of a machine's streams have in common. */

/** What VS Code keeps of such a panel across a reload. */
export interface StreamMemory {
  readonly context: string;
  readonly namespace: string;
  readonly name: string;
}

/** What a button over a stopped session asks for. `wait`: until nobody else has the stream. */
export type StreamIntent = 'connect' | 'takeOver' | 'wait' | 'stop' | 'start';

/** How the connection is, in the words of the user's language. */
export interface StreamStatus {
  readonly phase: 'connecting' | 'open' | 'waiting' | 'stopped' | 'held' | 'ended';
  /** For the toolbar. `{0}` stands for the seconds until `retryAtMs`. */
  readonly line: string;
  /** Epoch. */
  readonly retryAtMs?: number;
  /** Over the screen, for what stops the session. */
  readonly overlay?: { readonly title: string; readonly detail: string; readonly actions: readonly { readonly intent: StreamIntent; readonly label: string }[] };
}

const intents: ReadonlySet<unknown> = new Set<StreamIntent>(['connect', 'takeOver', 'wait', 'stop', 'start']);

/** The intent of a message, or `undefined` when it has none. */
export function streamIntent({ type }: Readonly<Record<string, unknown>>): { readonly type: StreamIntent } | undefined {
  return intents.has(type) ? { type: type as StreamIntent } : undefined;
}

/** Whether `value` is what VS Code kept of such a panel. */
export function isStreamMemory(value: unknown): value is StreamMemory {
  return typeof value === 'object' && value !== null && ['context', 'namespace', 'name'].every((field) => typeof (value as Record<string, unknown>)[field] === 'string');
}
