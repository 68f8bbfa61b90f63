import type { ConsoleDown, ConsoleUp } from './console';
import type { VncDown, VncUp } from './vnc';
import type { EvacuationDown, EvacuationUp } from './evacuation';
import type { MigrationDown, MigrationUp } from './migration';

/**
 * What the two ends of each webview say; types and checks of a panel are in its own file. State goes down, intents go up; there is no
 * request and reply. Every panel says `ready` first and is answered with `setup`. Plain data only: it crosses by structured clone.
 */
export interface Panels {
  console: { down: ConsoleDown; up: ConsoleUp };
  vnc: { down: VncDown; up: VncUp };
  evacuation: { down: EvacuationDown; up: EvacuationUp };
  migration: { down: MigrationDown; up: MigrationUp };
}

export type PanelName = keyof Panels;
export type Down<P extends PanelName> = Panels[P]['down'];
export type Up<P extends PanelName> = Panels[P]['up'];
