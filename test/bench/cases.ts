import type { Measurement } from './measure';

export interface Case {
  /** For `--only`. */
  readonly name: string;
  /** Runs only when it is asked for by its name. */
  readonly isRare?: boolean;
  run(): Promise<readonly Measurement[]>;
}

const load = (name: string, module: () => Promise<{ run(): Promise<readonly Measurement[]> }>): Case => ({ name, run: async () => (await module()).run() });

/** The only list of benchmarks. */
export const cases: readonly Case[] = [
  load('activate', () => import('./cases/activate')),
  load('check', () => import('./cases/check')),
  load('connect', () => import('./cases/connect')),
  load('console', () => import('./cases/console')),
  load('consoles', () => import('./cases/consoles')),
  load('crowd', () => import('./cases/crowd')),
  load('events', () => import('./cases/events')),
  load('evacuation', () => import('./cases/evacuation')),
  { ...load('idle-hour', () => import('./cases/idleHour')), isRare: true },
  load('language', () => import('./cases/language')),
  load('migration', () => import('./cases/migration')),
  load('ports', () => import('./cases/ports')),
  load('replay', () => import('./cases/replay')),
  load('vnc', () => import('./cases/vnc')),
];
