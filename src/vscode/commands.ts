import { t } from '@vscode/l10n';
import { CancellationError, commands, env, Position, Uri, window, workspace } from 'vscode';
import { DisposableStore } from '../base/disposable';
import type { OperationId } from '../domain/operations';
import { operations } from '../domain/operations';
import type { ManifestText } from '../language/service';
import type { Clusters } from './clusters';
import { type CommandEntry, type CommandId, commandList, inlineId, inlineOperations, isOfRows } from './commandList';
import type { Consoles } from './consoles';
import type { Explorer } from './explorer';
import type { Language } from './language';
import type { Log } from './log';
import { isRow, LostRows } from './lostRows';
import type { ManifestDiffs } from './manifestDiff';
import type { Migrations } from './migrations';
import type { StreamPanels } from './panels/streamPanels';
import type { PluginPolicy } from './pluginPolicy';
import type { Port, Ports } from './ports';
import { type Report, UserError } from './report';
import type { SshOptions } from './ssh/connection';
import { type Target, targetsIn } from './target';
import type { ViewOptions } from './viewOptions';

export interface CommandDependencies {
  readonly clusters: Clusters;
  readonly consoles: Consoles;
  readonly diffs: ManifestDiffs;
  readonly language: Language;
  readonly screens: StreamPanels;
  readonly evacuations: StreamPanels;
  readonly explorer: Explorer;
  readonly migrations: Migrations;
  readonly migrationPanels: StreamPanels;
  readonly options: ViewOptions;
  readonly policy: PluginPolicy;
  readonly ports: Ports;
  readonly ssh: SshOptions;
  readonly report: Report;
  readonly log: Log;
  readonly extensionUri: Uri;
}

type Arguments = readonly unknown[];

/** Where the platform is documented for users. */
const documentation = 'https://deckhouse.io/products/virtualization-platform/documentation/';

/** Registers every command of the lists. Each runs inside `report.run`, so that a failure is always worded and never lost. */
export function registerCommands(dependencies: CommandDependencies): DisposableStore {
  const { report } = dependencies;
  const store = new DisposableStore();
  const { all, attention } = dependencies.explorer;
  const rows = store.add(new LostRows([all, attention]));
  const register = (id: string, title: string, run: (...args: Arguments) => unknown) => {
    store.add(commands.registerCommand(`dvp.${id}`, (...args: Arguments) => report.run(t(title), () => run(...args) as Promise<void>)));
  };
  const registerOfRows = (id: string, title: string, isAlsoInline: boolean, run: (...args: Arguments) => unknown) => {
    register(id, title, async (...args) => run(...await rows.restored(args, false)));
    if (isAlsoInline) {
      register(inlineId(id), title, async (...args) => run(...await rows.restored(args, true)));
    }
  };
  for (const [id, run] of Object.entries(handlers(dependencies))) {
    const entry: CommandEntry = commandList[id as CommandId];
    if (isOfRows(entry)) {
      registerOfRows(id, entry.title, entry.places?.some(({ group }) => group.startsWith('inline')) ?? false, run);
    } else {
      register(id, entry.title, run);
    }
  }
  for (const [id, { title }] of Object.entries(operations)) {
    registerOfRows(id, title, inlineOperations.includes(id), async (...args) => {
      const [{ runOperation }, { pickForOperation }] = await Promise.all([import('./runOperation'), import('./pickObjects')]);
      const targets = targetsFrom(args, dependencies.explorer);
      await runOperation(id as OperationId, targets ?? await pickForOperation(id as OperationId, dependencies.clusters, dependencies.explorer.selectedTargets()), dependencies);
    });
  }
  return store;
}

function handlers({ clusters, consoles, diffs, language, report, screens, evacuations, explorer, migrations, migrationPanels, options, policy, ports, ssh, log, extensionUri }: CommandDependencies): Record<CommandId, (...args: Arguments) => unknown> {
  const contextOf = (args: Arguments) => contextIn(args) ?? clusters.current?.id;
  const objects = async (args: Arguments, title: string): Promise<readonly Target[]> =>
    targetsFrom(args, explorer) ?? (await import('./pickObjects')).pickObject(t(title), clusters);
  const machines = async (args: Arguments, title: string) => targetsFrom(args, explorer) ?? (await import('./pickObjects')).pickObject(t(title), clusters, 'VirtualMachine');
  const port = async ([argument]: Arguments, title: string, filter: (port: Port) => boolean) => (await import('./portCommands')).portFrom(argument, ports, t(title), filter);
  const isOpen = ({ forward }: Port) => forward !== undefined;
  const openStreams = async (panels: Pick<StreamPanels, 'open'>, args: Arguments, title: string) => {
    for (const target of await machines(args, title)) {
      await panels.open(target);
    }
  };
  return {
    'context.select': async () => (await import('./contextCommands')).selectContext(clusters),
    'context.connect': (...args) => clusters.connect(contextOf(args) ?? ''),
    'context.disconnect': (...args) => clusters.disconnect(contextOf(args) ?? ''),
    'context.retry': (...args) => clusters.retry(contextIn(args)),
    'context.use': (...args) => clusters.use(contextOf(args) ?? ''),
    'namespaces.select': async (...args) => (await import('./contextCommands')).selectNamespaces(contextOf(args), clusters),
    'view.filter': async () => (await import('./viewCommands')).typeFilter(options),
    'view.clearFilter': () => options.set({ filter: '' }),
    'view.groupBy': async () => (await import('./viewCommands')).chooseGrouping(options, clusters),
    'view.sortBy': async () => (await import('./viewCommands')).chooseSort(options),
    'view.refresh': () => clusters.retry(undefined),
    'view.more': (id) => options.showMore(String(id)),
    'kubeconfig.pick': async () => (await import('./contextCommands')).pickKubeconfig(clusters),
    'plugins.forget': () => policy.forget(),
    'settings.open': () => commands.executeCommand('workbench.action.openSettings', '@ext:dvp-tools.deckhouse-virtualization'),
    'log.show': () => log.show(),
    'docs.open': () => env.openExternal(Uri.parse(documentation)),
    'manifest.new': async (...args) => (await import('./newManifest')).newManifest(kindIn(args), extensionUri, clusters),
    'manifest.apply': async (...args) => {
      const { apply } = await import('./applyManifest');
      await apply(await manifestFrom(args, language), { clusters, report, diffs });
    },
    'manifest.diff': async (...args) => {
      const { diff } = await import('./applyManifest');
      await diff(await manifestFrom(args, language), { clusters, report, diffs });
    },
    'vm.console': (...args) => openStreams(consoles, args, 'Open console'),
    'vm.vnc': (...args) => openStreams(screens, args, 'Open screen (VNC)'),
    'vm.ssh': async (...args) => {
      const { openSsh } = await import('./ssh/terminal');
      await openSsh(await machines(args, 'Open SSH'), ssh);
    },
    'vm.upload': async (...args) => {
      const { upload } = await import('./ssh/copy');
      await upload(first(await machines(args, 'Upload files')), ssh);
    },
    'vm.download': async (...args) => {
      const { download } = await import('./ssh/copy');
      await download(first(await machines(args, 'Download files')), ssh);
    },
    'vm.remoteSsh': async (...args) => {
      const { connectRemote } = await import('./ssh/remote');
      await connectRemote(first(await machines(args, 'Connect with Remote-SSH')), ssh);
    },
    'vm.sshLogin': async (...args) => {
      const { askLogin } = await import('./ssh/login');
      await askLogin(first(await machines(args, 'Choose SSH user and key')), ssh.memory);
    },
    'ssh.removeHosts': async () => (await import('./ssh/remote')).removeHosts(ssh),
    'vm.forward': async (...args) => {
      for (const target of await machines(args, 'Forward ports')) {
        await ports.ask(target);
      }
    },
    'port.start': async (...args) => ports.open(await port(args, 'Open port again', (one) => !isOpen(one))),
    'port.openBrowser': async (...args) => (await import('./portCommands')).openInBrowser(await port(args, 'Open in browser', (one) => isOpen(one) && one.spec.protocol === 'tcp')),
    'port.copyAddress': async (...args) => (await import('./portCommands')).copyAddress(await port(args, 'Copy local address', isOpen)),
    'port.remember': async (...args) => ports.remember(await port(args, 'Remember port', ({ isRemembered }) => !isRemembered), true),
    'port.forget': async (...args) => ports.remember(await port(args, 'Forget port', ({ isRemembered }) => isRemembered), false),
    'port.stop': async (...args) => ports.stop(await port(args, 'Stop forwarding', isOpen)),
    'port.stopAll': () => ports.stopAll(),
    'evacuation.open': async (...args) => {
      await evacuations.open(placeIn(args) ?? await (await import('./pickNode')).pickNode(clusters));
    },
    'vm.migration': async (...args) => (await import('./migrationCommands')).openMigrations(targetsFrom(args, explorer), { clusters, migrations, migrationPanels }),
    'object.openYaml': async (...args) => {
      const { openDocuments, toggleRow } = await import('./objectCommands');
      return isKey(args) && explorer.selectedTargets().length === 0 ? toggleRow() : openDocuments(await objects(args, 'Open YAML'), 'yaml');
    },
    'object.describe': async (...args) => (await import('./objectCommands')).openDocuments(await objects(args, 'Describe'), 'txt'),
    'object.copyName': async (...args) => (await import('./objectCommands')).copyNames(await objects(args, 'Copy name')),
    'object.copyCommand': async (...args) => (await import('./objectCommands')).copyCommand(await objects(args, 'Copy "d8" command'), clusters),
  };
}

/**
 * The objects that a command was called with: rows of a tree (the clicked one, then all selected), targets, or the selection
 * when a key was pressed in a tree. `undefined` when it was called from the palette.
 */
function targetsFrom(args: Arguments, explorer: Explorer): readonly Target[] | undefined {
  if (isKey(args)) {
    const selected = explorer.selectedTargets();
    if (selected.length === 0) {
      throw new CancellationError();
    }
    return selected;
  }
  const [first, all] = args;
  const rows = (Array.isArray(all) ? (all as unknown[]) : [first]).filter(isRow);
  const targets = rows.length > 0 ? targetsIn(rows) : args.filter(isTarget);
  return targets.length > 0 ? targets : undefined;
}

/** For what is done to one machine at a time. */
function first([target]: readonly Target[]): Target {
  if (!target) {
    throw new CancellationError();
  }
  return target;
}

function contextIn([first]: Arguments): string | undefined {
  return typeof first === 'string' ? first : isRow(first) ? first.node.context : undefined;
}

/** The kind that was asked for by name or by its row. */
function kindIn([first]: Arguments): string | undefined {
  return typeof first === 'string' ? first : isRow(first) && first.node.type === 'kind' ? first.node.kind : undefined;
}

/** The node whose row was clicked, or the place that was given; an empty name is the whole context. */
function placeIn([first]: Arguments): Target | undefined {
  return isTarget(first) ? first : isRow(first) && first.node.type === 'group' ? { context: first.node.context, kind: 'Node', name: first.node.value } : undefined;
}

function isKey([first]: Arguments): boolean {
  return typeof first === 'object' && first !== null && 'from' in first;
}

function isTarget(value: unknown): value is Target {
  return typeof value === 'object' && value !== null && 'context' in value && 'kind' in value && 'name' in value;
}

/** The manifest that a lens stands above, else the one at the cursor. */
async function manifestFrom([uri, position]: Arguments, language: Language): Promise<ManifestText> {
  const editor = window.activeTextEditor;
  const document = uri instanceof Uri ? await workspace.openTextDocument(uri) : editor?.document;
  const place = position instanceof Position ? position : editor?.selection.active;
  const manifest = document && place && await language.manifestAt(document, place);
  if (!manifest) {
    throw new UserError(t('There is no manifest of the platform with a name at the cursor.'));
  }
  return manifest;
}
