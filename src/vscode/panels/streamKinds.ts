import { text } from '../../domain/text';
import type { StreamPanelKind } from './streamPanels';

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
