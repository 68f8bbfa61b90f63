/**
 * Derives `recorded.json` from the recordings of the real platform, which are not part of this repository:
 * `node --import tsx test/contract/platform/derive.ts FOLDER`. Only phases, reasons and their order are kept.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { KubeObject } from '../../../src/domain/kubeObject';
import { Transitions } from './transitions';

const scenarios = [
  '01-quick-start', '02-vm-pending', '02b-vm-sizing-quota', '02c-vm-pending-provisioning-ip', '02d-volume-errors', '02e-class-terminating',
  '03a-power', '03b-op-refusals', '03c-migrate-success',
];

/** Longer than the platform's own bursts, shorter than anything a person does. */
const restMs = 300;

const folder = process.argv[2] ?? path.join(import.meta.dirname, '../../../../shared/reference/recorded/behaviour/recordings');
const derived = Object.fromEntries(scenarios.map((scenario) => {
  const transitions = new Transitions(restMs);
  const files = readdirSync(folder).filter((file) => file === `${scenario}.jsonl` || file.startsWith(`${scenario}.part`)).sort((a, b) => part(a) - part(b));
  for (const line of files.flatMap((file) => readFileSync(path.join(folder, file), 'utf8').split('\n')).filter((text) => text !== '')) {
    const { t, type, object } = JSON.parse(line) as { t: number; type: string; object?: KubeObject };
    if (object && object.kind !== 'Event') {
      transitions.add(object, type === 'DELETED', t);
    }
  }
  return [scenario, transitions.histories()];
}));
const text = JSON.stringify(derived, undefined, 1).replace(/\n {4,}/g, ' ').replace(/\n {3}\]/g, ' ]');
writeFileSync(path.join(import.meta.dirname, 'recorded.json'), `${text}\n`);

function part(file: string): number {
  return Number(/\.part(\d+)\./.exec(file)?.[1] ?? 1);
}
