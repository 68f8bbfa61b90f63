import { t } from '@vscode/l10n';
import { DisposableStore } from '../base/disposable';
import { Paced } from '../base/paced';
import { systemClock } from '../base/timing';
import { migrationOf, stateText } from '../domain/migration/migration';
import { progressText } from '../domain/summary';
import type { Migrations } from './migrations';
import type { ShownMigration } from './migrationWatch';
import { StatusItem } from './statusItem';

/** Right of the context. */
const priority = 39;

/** In the status bar while a migration goes on that was started here: how far it is, one click from its panel. */
export class MigrationStatus {
  readonly #migrations: Migrations;
  readonly #item: StatusItem;
  readonly #store = new DisposableStore();

  constructor(migrations: Migrations) {
    this.#migrations = migrations;
    this.#item = this.#store.add(new StatusItem({ id: 'dvp.migrations', name: t('Deckhouse Virtualization: migrations'), priority }));
    const paced = this.#store.add(new Paced(systemClock, { intervalMs: 200 }, () => this.#update()));
    this.#store.add(migrations.onDidChange(() => paced.trigger()));
    paced.trigger();
  }

  dispose(): void {
    this.#store.dispose();
  }

  #update(): void {
    const mine = (this.#migrations.watch?.active ?? []).filter(({ record }) => this.#migrations.isMine(record));
    const [only] = mine;
    const lines = mine.map(lineOf);
    this.#item.show(only && {
      text: `$(arrow-swap) ${mine.length === 1 ? lines[0] ?? '' : t('{0} migrations', mine.length)}`,
      tooltip: [...lines, t('Click to show.')].join('\n'), label: t('Migrations: {0}', lines.join('; ')),
      command: { command: 'dvp.vm.migration', title: t('Show migration'), arguments: mine.length === 1 ? [targetOf(only)] : [] },
    });
  }
}

function targetOf({ context, record: { name, namespace } }: ShownMigration) {
  return { context, kind: 'VirtualMachineOperation', name, namespace };
}

/** `web-01 → node-b 43 %`. */
function lineOf({ record }: ShownMigration): string {
  const migration = migrationOf(record, systemClock.now());
  const way = record.target === undefined ? record.machine : `${record.machine} → ${record.target}`;
  return [way, migration.percent === undefined ? stateText(migration) : progressText(`${migration.percent}%`)].join(' ');
}
