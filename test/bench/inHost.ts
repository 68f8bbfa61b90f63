// Runs inside the extension host: how long `activate()` takes, first and again. Writes milliseconds to `DVP_BENCH_ACTIVATION`.
import { writeFileSync } from 'node:fs';
import { activateAgain, deactivate, extension } from '../host/suite/support';

const runs = 11;

export async function run(): Promise<void> {
  await extension();
  const times: number[] = [];
  for (let n = 0; n < runs; n++) {
    await deactivate();
    const startedAt = performance.now();
    await activateAgain();
    times.push(performance.now() - startedAt);
  }
  writeFileSync(process.env['DVP_BENCH_ACTIVATION'] ?? '', JSON.stringify(times));
}
