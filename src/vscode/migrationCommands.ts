import { t } from '@vscode/l10n';
import { CancellationError, window } from 'vscode';
import { migrationOf, stateText } from '../domain/migration/migration';
import { systemClock } from '../base/timing';
import { stringAt } from '../domain/values';
import type { Clusters } from './clusters';
import type { Migrations } from './migrations';
import type { StreamPanels } from './panels/streamPanels';
import { pickObject } from './pickObjects';
import { UserError } from './report';
import type { Target } from './target';

export interface MigrationCommandOptions {
  readonly clusters: Clusters;
  readonly migrations: Migrations;
  readonly migrationPanels: StreamPanels;
}

/** Opens the panels of machines, or of operations that move them; asks for one when there is none. */
export async function openMigrations(targets: readonly Target[] | undefined, options: MigrationCommandOptions): Promise<void> {
  for (const target of targets ?? await choose(options)) {
    await options.migrationPanels.open(target.kind === 'VirtualMachineOperation' ? machineOf(target, options) : target);
  }
}

/** The machine of an operation, whose panel then shows that operation; the operation itself may be gone. */
function machineOf(target: Target, { clusters, migrations }: MigrationCommandOptions): Target {
  const { context, name, namespace = '' } = target;
  const operation = clusters.session(context)?.view.get('VirtualMachineOperation', name, namespace || undefined);
  const record = migrations.watch?.log(context)?.all.find((one) => one.name === name && one.namespace === namespace);
  const machine = stringAt(operation, 'spec.virtualMachineName') ?? record?.machine;
  if (machine === undefined) {
    throw new UserError(t('The operation "{0}" is gone, and nothing is remembered of it.', name));
  }
  const newest = migrations.watch?.log(context)?.of(namespace, machine)[0];
  const uid = operation?.metadata.uid ?? record?.uid;
  migrations.select(context, namespace, machine, uid === newest?.uid ? undefined : uid);
  return { context, kind: 'VirtualMachine', name: machine, ...(namespace === '' ? {} : { namespace }) };
}

/** What is going on first, then every machine. */
async function choose({ clusters, migrations }: MigrationCommandOptions): Promise<readonly Target[]> {
  const active = migrations.watch?.active ?? [];
  if (active.length === 0) {
    return pickObject(t('Show migration'), clusters, 'VirtualMachine');
  }
  const items = active.map(({ context, record }) => ({
    label: record.machine, description: [record.namespace, stateText(migrationOf(record, systemClock.now()))].join(' · '),
    target: { context, kind: 'VirtualMachine', name: record.machine, namespace: record.namespace },
  }));
  const chosen = await window.showQuickPick([...items, { label: t('Another machine…'), description: '', target: undefined }], { title: t('Show migration') });
  if (!chosen) {
    throw new CancellationError();
  }
  return chosen.target ? [chosen.target] : pickObject(t('Show migration'), clusters, 'VirtualMachine');
}
