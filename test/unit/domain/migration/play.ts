import { isRecord, type KubeObject } from '../../../../src/domain/kubeObject';
import { MigrationLog } from '../../../../src/domain/migration/log';
import type { MigrationRecord } from '../../../../src/domain/migration/record';
import { ago, nowMs, object } from '../objects';
import { recordedFile } from '../recorded';

interface Recorded {
  readonly t: number;
  readonly type: string;
  readonly object?: KubeObject;
}

/** Plays a recording into a log, `skewMs` being how far the clock of whoever listens is off; `undefined` where there are no recordings. */
export function played(name: string, skewMs = 0): MigrationLog | undefined {
  const text = recordedFile(`behaviour/recordings/${name}.jsonl`);
  if (text === undefined) {
    return undefined;
  }
  const log = new MigrationLog();
  const machines = new Map<string, KubeObject>();
  for (const { t, type, object: one } of text.split('\n').filter(Boolean).map((line) => JSON.parse(line) as Recorded)) {
    const atMs = Date.parse('2026-11-23T04:13:39Z') + skewMs + t;
    if (one?.kind === 'VirtualMachine') {
      machines.set(one.metadata.name, one);
      log.machine(one);
    } else if (one?.kind === 'VirtualMachineOperation' && isRecord(one.spec)) {
      const machine = machines.get(String(one.spec['virtualMachineName']));
      if (type === 'DELETED') {
        log.gone(one.metadata.uid ?? '', atMs);
      } else {
        log.operation(one, machine, atMs);
      }
    }
  }
  return log;
}

export interface Told {
  readonly phase?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly progress?: string;
  readonly at?: number;
  readonly metadata?: object;
  readonly spec?: object;
}

/** The operation `web-migrate` as it is written at one moment; times in seconds before the tests' now. */
export function told({ phase, reason, message = '', progress, at = 60, metadata, spec }: Told = {}): KubeObject {
  return object('VirtualMachineOperation', {
    name: 'web-migrate', metadata: { creationTimestamp: ago(60), ...metadata }, spec: { type: 'Migrate', virtualMachineName: 'web', ...spec },
    status: {
      ...(phase === undefined ? {} : { phase }), ...(progress === undefined ? {} : { progress }),
      conditions: reason === undefined ? [] : [{ type: 'Completed', status: 'False', reason, message, lastTransitionTime: ago(at) }],
    },
  });
}

/** What was told, and how many milliseconds after the creation. */
export type Events = readonly (readonly [afterMs: number, Told])[];

/** The record after these events; `afterMs` is counted from the creation. */
export function recordOf(...events: Events): MigrationRecord {
  const log = new MigrationLog();
  for (const [afterMs, event] of events) {
    log.operation(told(event), undefined, nowMs - 60_000 + afterMs);
  }
  const record = log.get('uid-web-migrate');
  if (!record) {
    throw new Error('Nothing was told.');
  }
  return record;
}

/** As the platform writes it. */
export function counting(processedMib: number, remainingMib: number, iteration = 0): string {
  return `Source and target are being synchronized. TimeElapsed:0s DataProcessed:${processedMib}MiB DataRemaining:${remainingMib}MiB DataTotal:2048MiB Iteration:${iteration} AutoConvergeThrottleSet:false`;
}
