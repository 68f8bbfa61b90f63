import { t } from '@vscode/l10n';
import { commands } from 'vscode';
import { DisposableStore } from '../base/disposable';
import { systemClock } from '../base/timing';
import { endText } from '../domain/migration/endText';
import { hasEnded } from '../domain/migration/record';
import type { Migrations } from './migrations';
import { type Report, UserError } from './report';

/** Tells how a migration ended that was started here and that nobody waits for any more, because the window was loaded again meanwhile. */
export class MigrationNews {
  readonly #migrations: Migrations;
  readonly #report: Report;
  readonly #store = new DisposableStore();
  /** Uids of those that went on when they were last looked at. */
  readonly #open = new Set<string>();

  constructor(migrations: Migrations, report: Report) {
    this.#migrations = migrations;
    this.#report = report;
    this.#store.add(migrations.onDidChange((context) => this.#look(context)));
  }

  dispose(): void {
    this.#store.dispose();
  }

  #look(context: string): void {
    const log = this.#migrations.watch?.log(context);
    for (const record of log?.active ?? []) {
      if (this.#migrations.isOrphan(context, record)) {
        this.#open.add(record.uid);
      }
    }
    for (const uid of this.#open) {
      const record = log?.get(uid);
      if (record && hasEnded(record)) {
        this.#open.delete(uid);
        if (this.#migrations.isTakenBack(context, record)) {
          continue;
        }
        const { isFailure, text } = endText(record, systemClock.now());
        const target = { context, kind: 'VirtualMachineOperation', name: record.name, namespace: record.namespace };
        const show = { title: t('Show migration'), command: 'dvp.vm.migration', arguments: [target] };
        void this.#report.run(t('Migration'), async () => {
          if (isFailure) {
            throw new UserError(text, [show]);
          }
          await this.#report.tell(text, { title: show.title, run: () => commands.executeCommand(show.command, target) });
        });
      }
    }
  }
}
