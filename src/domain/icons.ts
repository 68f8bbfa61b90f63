import type { Health } from './kind';

export interface Look {
  /** Codicon id. */
  readonly icon: string;
  /** Theme colour id. */
  readonly color?: string;
}

const looks: Readonly<Record<Health, Look>> = {
  ok: { icon: 'circle-filled', color: 'testing.iconPassed' },
  busy: { icon: 'loading~spin' },
  warning: { icon: 'warning', color: 'list.warningForeground' },
  failed: { icon: 'error', color: 'list.errorForeground' },
  off: { icon: 'circle-outline', color: 'disabledForeground' },
  unknown: { icon: 'question', color: 'disabledForeground' },
};

/** Shape and colour of a health; the shapes differ, so that colour alone never tells. What runs in spite of a warning keeps a dot. */
export function healthIcon(health: Health, phase: string | undefined): Look {
  if (health === 'warning' && phase === 'Running') {
    return { icon: 'record', color: 'list.warningForeground' };
  }
  return phase === 'Pause' && health === 'off' ? { icon: 'debug-pause', color: 'disabledForeground' } : looks[health];
}

/** The icon of a kind where the kind matters more than the health; what is wrong or in progress still shows. */
export function kindIcon(icon: string, health: Health): Look {
  return health === 'ok' || health === 'unknown' ? { icon } : health === 'off' ? { icon, color: 'disabledForeground' } : looks[health];
}
