import { isFields } from './message';
import type { StreamMemory } from './stream';

export type MigrationDown =
  /** The first message, in answer to `ready`. */
  | { readonly type: 'setup'; readonly state: StreamMemory; readonly texts: MigrationTexts }
  | { readonly type: 'view'; readonly view: MigrationView }
  /** Points of the plot from index `from` on: 0 begins anew. */
  | { readonly type: 'points'; readonly plot: MigrationPlot };

export type MigrationUp =
  | { readonly type: 'ready' }
  | { readonly type: MigrationIntent }
  /** Another migration of the machine, by uid. */
  | { readonly type: 'select'; readonly uid: string }
  /** The button of an obstacle, by its place in the list. */
  | { readonly type: 'obstacle'; readonly index: number };

export const migrationIntents = ['cancel', 'migrate', 'migrateTo', 'forceMigrate', 'showMachine', 'showOperation', 'newest', 'connect'] as const;

/** What a button asks for. */
export type MigrationIntent = (typeof migrationIntents)[number];

/** How something is, for shape and colour. */
export type Tone = 'busy' | 'ok' | 'warning' | 'failed' | 'off';

/** Everything but the plot, in the words of the user's language. */
export interface MigrationView {
  readonly title: string;
  readonly place: string;
  /** What the picture is to be read with: an outage, another machine of the same name, an older migration. */
  readonly notices: readonly Notice[];
  readonly headline: string;
  readonly tone: Tone;
  /** What is going on, what to do next, and the platform's own words. */
  readonly meaning: string;
  readonly next: string;
  readonly said: string;
  readonly picture: Picture | undefined;
  readonly progress: Progress | undefined;
  readonly steps: readonly ShownStep[];
  readonly facts: readonly (readonly [label: string, value: string, hint: string])[];
  readonly fallBacks: readonly string[];
  readonly actions: readonly MigrationAction[];
  readonly before: BeforeView | undefined;
  readonly history: readonly HistoryLine[];
}

export interface Notice {
  readonly tone: 'info' | 'warning';
  readonly text: string;
  readonly action?: MigrationAction;
}

export interface MigrationAction {
  readonly intent: MigrationIntent;
  readonly label: string;
  readonly isPrimary: boolean;
}

/** From node to node. */
export interface Picture {
  readonly source: string;
  readonly sourceNote: string;
  readonly target: string;
  readonly targetNote: string;
  /** Where the guest runs. */
  readonly guestAt: 'source' | 'target';
  readonly isMoving: boolean;
  /** For those who do not see it. */
  readonly label: string;
}

export interface Progress {
  /** Length of the bar, which never runs backwards; `undefined`: the platform reports none. */
  readonly percent: number | undefined;
  /** What was reported last, or that nothing is. */
  readonly text: string;
  readonly detail: string;
}

export interface ShownStep {
  readonly label: string;
  readonly detail: string;
  readonly state: 'done' | 'current' | 'ahead' | 'failed' | 'unseen';
  /** Relative width. */
  readonly weight: number;
}

export interface BeforeView {
  readonly title: string;
  readonly policy: string;
  readonly obstacles: readonly { readonly severity: 'blocks' | 'unknown' | 'info'; readonly mark: string; readonly text: string; readonly action: string | undefined }[];
  readonly nodesTitle: string;
  readonly nodesNote: string;
  readonly nodes: readonly { readonly name: string; readonly verdict: 'possible' | 'impossible' | 'unknown' | 'current'; readonly text: string }[];
}

export interface HistoryLine {
  readonly uid: string;
  readonly when: string;
  readonly way: string;
  readonly result: string;
  readonly tone: Tone;
  readonly isShown: boolean;
}

export interface PlotPoint {
  /** Since the first event that was heard. */
  readonly seconds: number;
  /** As the platform reported it. */
  readonly percent: number | undefined;
  readonly remainingMib: number | undefined;
  readonly processedMib: number | undefined;
  readonly step: string;
}

export interface MigrationPlot {
  readonly uid: string;
  readonly from: number;
  readonly points: readonly PlotPoint[];
  /** Stretches, in seconds, in which nothing was heard. */
  readonly gaps: readonly (readonly [from: number, to: number])[];
  /** Moments, in seconds, at which the percentage was taken back. */
  readonly fallBacks: readonly number[];
  readonly totalMib: number | undefined;
  /** Where the time axis ends, in seconds, while no further point comes. */
  readonly endSeconds: number;
}

/** The words that are fixed. */
export interface MigrationTexts {
  readonly progress: string;
  readonly remaining: string;
  readonly sent: string;
  readonly step: string;
  readonly time: string;
  readonly plot: string;
  readonly plotKeys: string;
  readonly table: string;
  readonly timeline: string;
  readonly facts: string;
  readonly history: string;
  readonly gap: string;
  readonly notReported: string;
  readonly mib: string;
}

/** The message, or `undefined` for what the webview of a migration never says. */
export function migrationUp(value: unknown): MigrationUp | undefined {
  if (!isFields(value)) {
    return undefined;
  }
  const intent = migrationIntents.find((one) => one === value['type']);
  if (intent) {
    return { type: intent };
  }
  switch (value['type']) {
    case 'ready':
      return { type: 'ready' };
    case 'select':
      return typeof value['uid'] === 'string' ? { type: 'select', uid: value['uid'] } : undefined;
    case 'obstacle':
      return typeof value['index'] === 'number' && Number.isInteger(value['index']) && value['index'] >= 0 ? { type: 'obstacle', index: value['index'] } : undefined;
    default:
      return undefined;
  }
}

/** The message, or `undefined` for what the extension never says. The extension's own parts are taken as they are. */
export function migrationDown(value: unknown): MigrationDown | undefined {
  if (!isFields(value)) {
    return undefined;
  }
  switch (value['type']) {
    case 'setup':
      return isFields(value['state']) && isFields(value['texts']) ? value as MigrationDown : undefined;
    case 'view':
      return isFields(value['view']) ? value as MigrationDown : undefined;
    case 'points':
      return isFields(value['plot']) && Array.isArray(value['plot']['points']) ? value as MigrationDown : undefined;
    default:
      return undefined;
  }
}
