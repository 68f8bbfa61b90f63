import { t } from '@vscode/l10n';
import { text } from '../../domain/text';
import type { Migrations } from '../migrations';
import type { StreamPanelKind } from './streamPanels';

export const evacuationKind: StreamPanelKind = {
  viewType: 'dvp.evacuation',
  title: text('Evacuation'),
  label: (node) => (node === '' || node.startsWith(' ') ? `${t('Migrations')}${node}` : t('Evacuation of {0}', node)),
  load: async () => (await import('./evacuationPanel')).showEvacuation,
  isForgetful: true,
};

export const consoleKind: StreamPanelKind = {
  viewType: 'dvp.console',
  title: text('Console'),
  label: (machine) => machine,
  load: async () => (await import('./consolePanel')).showConsole,
};

export const screenKind: StreamPanelKind = {
  viewType: 'dvp.vnc',
  title: text('Screen'),
  label: (machine) => `${machine} · VNC`,
  load: async () => (await import('./vncPanel')).showScreen,
};

/** A panel on the migrations of a machine: no stream, but opened, kept and brought back alike. */
export function migrationKind(migrations: Migrations): StreamPanelKind {
  return {
    viewType: 'dvp.migration',
    title: text('Migration'),
    label: (machine) => t('Migration: {0}', machine),
    load: async () => {
      const { showMigration } = await import('./migrationPanel');
      return (panel, memory, options) => showMigration(panel, memory, options, migrations);
    },
  };
}
