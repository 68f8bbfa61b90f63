import { parseArgs } from 'node:util';
import { streamOptions, streamsOf } from '../streamOptions';
import { guestOf, guestOptions, guestUsage } from '../guestOptions';
import { startPlatform } from './index';
import { startQemu } from './lower/qemu/hypervisor';
import type { Module } from './resources';

const usage = `npm run platform -- --kubeconfig PATH [--module 1.10|0.17] [--no-install] [--guest simulated|qemu] [--probe] [--subprotocol NAME]...
${guestUsage}

Plays the virtualization platform in the cluster of the current context until Ctrl+C: its custom resources, its admission,
its controllers and its stream endpoints. Made for clusters that are thrown away: kind, envtest, the embedded one.`;

const { values } = parseArgs({ options: {
  kubeconfig: { type: 'string' }, module: { type: 'string', default: '1.10' }, 'no-install': { type: 'boolean' }, help: { type: 'boolean' }, ...guestOptions, ...streamOptions,
} });

if (values.help || values.kubeconfig === undefined || !['1.10', '0.17'].includes(values.module)) {
  console.log(usage);
  process.exit(values.help ? 0 : 1);
}

const stopped = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => resolve());
  }
});
try {
  const { guest, qemu } = guestOf(values, (message) => console.error(message));
  const hypervisor = guest === 'qemu' ? { hypervisor: await startQemu(qemu) } : {};
  const platform = await startPlatform({ ...hypervisor, ...streamsOf(values), kubeconfig: values.kubeconfig, module: values.module as Module, install: values['no-install'] !== true, log: (message) => console.error(message) });
  console.log('The platform runs. Ctrl+C stops it.');
  await stopped;
  await platform.stop();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
process.exit();
