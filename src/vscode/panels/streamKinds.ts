import { text } from '../../domain/text';
import type { StreamPanelKind } from './streamPanels';

export const consoleKind: StreamPanelKind = {
  viewType: 'dvp.console',
  title: text('Console'),
  label: (machine) => machine,
  load: async () => (await import('./consolePanel')).showConsole,
};
