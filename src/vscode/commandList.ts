import { text } from '../domain/text';

/** Where a command stands besides the palette. `when` is one of VS Code's clauses. */
export interface Placement {
  readonly menu: 'view/title' | 'view/item/context';
  /** `name@order`; `navigation` is the bar of a view, `inline` the end of a row. */
  readonly group: string;
  readonly when: string;
}

export interface CommandEntry {
  /** English; in the palette and menus package.nls.ru.json has the Russian one. */
  readonly title: string;
  /** Codicon id. */
  readonly icon?: string;
  /** Condition for the palette; `true` for always, `false` for commands that only a row can start. */
  readonly palette: boolean | string;
  readonly places?: readonly Placement[];
  readonly key?: { readonly key: string; readonly mac?: string; readonly when: string };
}

/** The clause for a row that has an ability, see `TreeRow.contextValue`. Word by word: `vm.stop` is not `vm.stopForce`. */
export function hasAbility(ability: string): string {
  return `viewItem =~ /(?:^|\\s)${ability.replaceAll('.', '\\.')}(?:\\s|$)/`;
}

const inExplorer = 'view == dvp.explorer';
export const inTree = 'view =~ /^dvp\\.(?:explorer|attention)$/';
const treeFocused = 'focusedView =~ /^dvp\\.(?:explorer|attention)$/ && !inputFocus';

function title(order: number, group = 'navigation', when = inExplorer): Placement {
  return { menu: 'view/title', group: `${group}@${order}`, when };
}

function row(ability: string, group: string): Placement {
  return { menu: 'view/item/context', group, when: `${inTree} && ${hasAbility(ability)}` };
}

/** Whether a command stands on rows of the trees. */
export function isOfRows({ places = [] }: CommandEntry): boolean {
  return places.some(({ menu, when }) => menu === 'view/item/context' && when.startsWith(inTree));
}

/** Operations that also stand at the end of a row; at most one of them applies at a time: the verb that fits the phase. */
export const inlineOperations: readonly string[] = ['vm.start', 'vm.stop'];

/** The command at the end of a row does the same as the one in its menu under a name of its own: VS Code does not say which of them was used, and that matters, see `lostRows.ts`. */
export function inlineId(id: string): string {
  return `${id}.inline`;
}

function portRow(ability: string, group: string): Placement {
  return { menu: 'view/item/context', group, when: `view == dvp.ports && ${hasAbility(ability)}` };
}

/** Every command that is not an operation on an object; those come from `operations.ts`. The command is `dvp.` + key. */
export const commandList = {
  'context.select': { title: text('Select context'), icon: 'plug', palette: true },
  'context.connect': { title: text('Connect'), icon: 'plug', palette: false, places: [row('context.idle', 'inline@1'), row('context.idle', '1_connection@1')] },
  'context.disconnect': { title: text('Disconnect'), icon: 'debug-disconnect', palette: 'dvp.connected', places: [row('context.open', '1_connection@2')] },
  'context.retry': { title: text('Connect again'), icon: 'debug-restart', palette: 'dvp.connected', places: [row('retry', 'inline@1'), row('retry', '1_connection@1')] },
  'context.use': { title: text('Use for manifests'), icon: 'target', palette: false, places: [row('context', '1_connection@3')] },
  'namespaces.select': { title: text('Select namespaces'), icon: 'symbol-namespace', palette: 'dvp.connected', places: [row('context.open', '2_view@1')] },
  'view.filter': { title: text('Filter'), icon: 'filter', palette: 'dvp.connected', places: [title(1, 'navigation', `${inExplorer} && !dvp.filtered`)] },
  'view.clearFilter': { title: text('Clear filter'), icon: 'filter-filled', palette: 'dvp.filtered', places: [title(1, 'navigation', `${inExplorer} && dvp.filtered`)] },
  'view.groupBy': { title: text('Group machines by…'), icon: 'group-by-ref-type', palette: 'dvp.connected', places: [title(2)] },
  'view.sortBy': { title: text('Sort by…'), palette: 'dvp.connected', places: [title(1, '1_view')] },
  'view.refresh': { title: text('Refresh'), icon: 'refresh', palette: 'dvp.connected', places: [title(3)], key: { key: 'f5', when: treeFocused } },
  'view.more': { title: text('Show more'), palette: false },
  'kubeconfig.pick': { title: text('Choose a kubeconfig file'), palette: true, places: [title(1, '2_setup')] },
  'plugins.forget': { title: text('Forget allowed credential programs'), palette: true },
  'settings.open': { title: text('Open settings'), palette: true, places: [title(2, '2_setup')] },
  'log.show': { title: text('Show log'), palette: true, places: [title(3, '2_setup')] },
  'docs.open': { title: text('Open the platform\'s documentation'), palette: true },
  'manifest.new': { title: text('New manifest'), icon: 'new-file', palette: true, places: [row('kind', '1_open@1')] },
  'manifest.apply': { title: text('Apply manifest'), icon: 'cloud-upload', palette: 'dvp.connected && editorLangId =~ /^(yaml|jsonc?)$/' },
  'manifest.diff': { title: text('Compare manifest with the cluster'), icon: 'diff', palette: 'dvp.connected && editorLangId =~ /^(yaml|jsonc?)$/' },
  'vm.console': { title: text('Open console'), icon: 'terminal', palette: 'dvp.connected', places: [row('vm.console', 'inline@1'), row('vm.console', '1_open@0')] },
  'vm.vnc': { title: text('Open screen (VNC)'), icon: 'vm', palette: 'dvp.connected', places: [row('vm.console', '1_open@0')] },
  'vm.ssh': { title: text('Open SSH'), icon: 'remote', palette: 'dvp.connected', places: [row('vm.console', '1_open@0')] },
  'vm.forward': { title: text('Forward ports'), icon: 'plug', palette: 'dvp.connected', places: [row('vm.console', '2_reach@1')] },
  'vm.upload': { title: text('Upload files'), icon: 'cloud-upload', palette: 'dvp.connected', places: [row('vm.console', '2_reach@2')] },
  'vm.download': { title: text('Download files'), icon: 'cloud-download', palette: 'dvp.connected', places: [row('vm.console', '2_reach@3')] },
  'vm.remoteSsh': { title: text('Connect with Remote-SSH'), icon: 'remote-explorer', palette: 'dvp.connected', places: [row('vm.console', '2_reach@4')] },
  'vm.sshLogin': { title: text('Choose SSH user and key'), palette: 'dvp.connected', places: [row('vm.console', '2_reach@5')] },
  'ssh.removeHosts': { title: text('Remove SSH hosts'), palette: true },
  'port.start': { title: text('Open port again'), icon: 'debug-start', palette: 'dvp.ports', places: [portRow('port.closed', 'inline@1'), portRow('port.closed', '1_port@1')] },
  'port.openBrowser': { title: text('Open in browser'), icon: 'globe', palette: 'dvp.ports', places: [portRow('port.tcp', 'inline@1'), portRow('port.tcp', '1_port@1')] },
  'port.copyAddress': { title: text('Copy local address'), icon: 'copy', palette: 'dvp.ports', places: [portRow('port.open', '1_port@2')] },
  'port.remember': { title: text('Remember port'), palette: 'dvp.ports', places: [portRow('port.passing', '2_memory@1')] },
  'port.forget': { title: text('Forget port'), palette: 'dvp.ports', places: [portRow('port.remembered', '2_memory@1')] },
  'port.stop': { title: text('Stop forwarding'), icon: 'close', palette: 'dvp.ports', places: [portRow('port.open', 'inline@2'), portRow('port.open', '3_stop@1')] },
  'port.stopAll': { title: text('Stop all forwarding'), icon: 'close-all', palette: 'dvp.ports', places: [{ menu: 'view/title', group: 'navigation@1', when: 'view == dvp.ports' }] },
  'evacuation.open': { title: text('Show migrations and evacuation'), icon: 'list-tree', palette: 'dvp.connected', places: [row('node', 'inline@1'), row('node', '1_open@1')] },
  'vm.migration': { title: text('Show migration'), icon: 'arrow-swap', palette: 'dvp.connected', places: [row('vm.migration', '1_open@3')] },
  'object.openYaml': { title: text('Open YAML'), icon: 'go-to-file', palette: 'dvp.connected', places: [row('object', '1_open@1')], key: { key: 'enter', when: `${treeFocused} && listHasSelectionOrFocus` } },
  'object.describe': { title: text('Describe'), icon: 'info', palette: 'dvp.connected', places: [row('object', '1_open@2')] },
  'object.copyName': { title: text('Copy name'), icon: 'copy', palette: false, places: [row('object', '7_copy@1')], key: { key: 'ctrl+c', mac: 'cmd+c', when: treeFocused } },
  'object.copyCommand': { title: text('Copy "d8" command'), palette: false, places: [row('object', '7_copy@2')] },
} as const satisfies Record<string, CommandEntry>;

export type CommandId = keyof typeof commandList;
