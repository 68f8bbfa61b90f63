import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { KubeObject } from '../../../src/domain/kubeObject';
import { Transitions, type History } from './transitions';

/** Where the recordings of the real platform lie, beside the repository; they are not part of it. */
export const recordings = path.join(import.meta.dirname, '../../../../shared/reference/recorded/behaviour/recordings');

const scenarios = [
  '01-quick-start', '02-vm-pending', '02b-vm-sizing-quota', '02c-vm-pending-provisioning-ip', '02d-volume-errors', '02e-class-terminating',
  '03a-power', '03b-op-refusals', '03c-migrate-success',
  '03d-migrate-failures', '03e-migrate-queue-quota', '03f-supersede-migration', '09a-system-operations',
];

/** Longer than the platform's own bursts, shorter than anything a person does. */
const restMs = 300;

/** The histories of every scenario: of all that was recorded, only phases, reasons and their order. */
export function deriveAll(folder: string): Record<string, Readonly<Record<string, History>>> {
  return Object.fromEntries(scenarios.map((scenario) => [scenario, derive(folder, scenario)]));
}

function derive(folder: string, scenario: string): Readonly<Record<string, History>> {
  const transitions = new Transitions(restMs);
  const files = readdirSync(folder).filter((file) => file === `${scenario}.jsonl` || file.startsWith(`${scenario}.part`)).sort((a, b) => part(a) - part(b));
  for (const line of files.flatMap((file) => readFileSync(path.join(folder, file), 'utf8').split('\n')).filter((text) => text !== '')) {
    const { t, type, object } = JSON.parse(line) as { t: number; type: string; object?: KubeObject };
    if (object && object.kind !== 'Event') {
      transitions.add(object, type === 'DELETED', t);
    }
  }
  return transitions.histories();
}

function part(file: string): number {
  return Number(/\.part(\d+)\./.exec(file)?.[1] ?? 1);
}
