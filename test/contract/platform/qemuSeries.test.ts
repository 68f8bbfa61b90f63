import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Contexts } from '../../../src/cluster/contexts';
import type { Session } from '../../../src/cluster/session';
import { conditionOf } from '../../../src/domain/kubeObject';
import { MigrationLog } from '../../../src/domain/migration/log';
import { plotOf } from '../../../src/domain/migration/panelPlot';
import { stringAt } from '../../../src/domain/values';
import type { Guest } from '../../cluster/platform/lower/guest';
import type { Counters } from '../../cluster/platform/lower/lower';
import { whyNoQemu } from '../../cluster/platform/lower/qemu/images';
import { QemuSite } from './qemuSite';

const why = whyNoQemu();

describe('a migration between two processes of QEMU', { skip: why !== undefined && `No guest in QEMU: ${why}.` }, () => {
  let site: QemuSite;
  let contexts: Contexts;
  let session: Session;

  before(async () => {
    site = await QemuSite.start();
    contexts = new Contexts({ sources: () => [{ files: [site.cluster.kubeconfigs.admin] }], userAgent: 'test', log: () => undefined });
    await contexts.reload();
    session = contexts.session('admin')!;
    session.start();
    await site.addMachine('vm');
    await site.untilPhase('VirtualMachine', 'vm', 'Running');
    await site.until(() => session.view.state('VirtualMachineOperation').phase === 'live', 'operations to be listed');
  });

  after(async () => {
    contexts?.dispose();
    await site?.stop();
  });

  it('is plotted in the panel as the cluster reported it, point by point, and that is what QEMU counted', async () => {
    const counted = countersOf(site.guest()!);
    const log = new MigrationLog();
    const reported: { readonly percent: string | undefined; readonly message: string }[] = [];
    session.onDidWrite('VirtualMachineOperation')(({ object }) => {
      log.operation(object, undefined, performance.now());
      const next = { percent: stringAt(object, 'status.progress'), message: conditionOf(object, 'Completed')?.message ?? '' };
      if (JSON.stringify(reported.at(-1)) !== JSON.stringify(next)) {
        reported.push(next);
      }
    });
    await site.create('VirtualMachineOperation', 'moves', { type: 'Evict', virtualMachineName: 'vm' });
    await site.untilPhase('VirtualMachineOperation', 'moves', 'Completed');
    await site.until(() => log.all[0]?.samples.at(-1)?.phase === 'Completed', 'the end to be heard');

    const { points } = plotOf(log.all[0]!, 0, performance.now());
    const series = points.map(({ percent, processedMib, remainingMib }) => [percent, processedMib, remainingMib]);
    const told = reported.map(({ percent, message }) => [percent === undefined ? undefined : Number.parseFloat(percent), numberIn(message, 'DataProcessed'), numberIn(message, 'DataRemaining')]);
    // A point may be there for its step alone.
    const distinct = (rows: readonly (readonly unknown[])[]) => rows.map((row) => JSON.stringify(row)).filter((row, index, all) => row !== all[index - 1]);
    assert.deepEqual(distinct(series), distinct(told));
    assert.ok(distinct(series).length >= 6, JSON.stringify(series));

    const qemu = counted.map(({ processedMib, remainingMib }) => `${processedMib} ${remainingMib}`);
    const plotted = points.flatMap(({ processedMib, remainingMib }) => (processedMib === undefined ? [] : [`${processedMib} ${remainingMib}`]));
    assert.ok(plotted.length >= 3, plotted.join());
    // The platform may leave out a count that is overtaken, and never makes one up nor changes their order.
    let from = 0;
    for (const count of plotted.filter((one, index) => one !== plotted[index - 1])) {
      from = qemu.indexOf(count, from);
      assert.ok(from >= 0, `${count} is not among ${qemu.join(', ')}`);
    }
    assert.equal(plotted.at(-1), qemu.at(-1));
  });
});

/** What QEMU counts while the guest is copied, from now on. */
function countersOf(guest: Guest): readonly Counters[] {
  const counted: Counters[] = [];
  const { transfer } = guest;
  Object.assign(guest, { transfer: (options) => transfer!({
    ...options, report: (report) => {
      if ('counters' in report && report.counters) {
        counted.push(report.counters);
      }
      options.report(report);
    },
  }) } satisfies Pick<Guest, 'transfer'>);
  return counted;
}

function numberIn(message: string, name: string): number | undefined {
  const found = new RegExp(`${name}:(\\d+)`).exec(message)?.[1];
  return found === undefined ? undefined : Number(found);
}
