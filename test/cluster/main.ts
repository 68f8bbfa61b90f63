import { parseArgs } from 'node:util';
import { streamOptions, streamsOf } from './streamOptions';
import { guestOf, guestOptions, guestUsage } from './guestOptions';
import { refuseForeign } from './kubeconfig';
import { startCluster, type ClusterOptions } from './start';

const usage = `npm run cluster -- [--port N] [--write-kubeconfig PATH] [--api own|real] [--module 1.10|0.17] [--vms N] [--evacuating N] [--seed N]
                   [--guest simulated|qemu] [--world company|empty] [--no-platform] [--probe] [--subprotocol NAME]...
${guestUsage}

Runs an embedded cluster on loopback until Ctrl+C, SIGTERM, or the end of standard input when --tied is given.`;

const { values } = parseArgs({ options: {
  port: { type: 'string' }, 'write-kubeconfig': { type: 'string' }, api: { type: 'string' }, module: { type: 'string' }, vms: { type: 'string' }, evacuating: { type: 'string' },
  seed: { type: 'string' }, ...guestOptions, world: { type: 'string' }, 'no-platform': { type: 'boolean' }, ...streamOptions, tied: { type: 'boolean' }, help: { type: 'boolean' },
} });

if (values.help) {
  console.log(usage);
  process.exit(0);
}

try {
  const stopped = untilAsked();
  if (values['write-kubeconfig'] !== undefined) {
    await refuseForeign(values['write-kubeconfig']);
  }
  const cluster = await startCluster(optionsOf());
  try {
    if (values['write-kubeconfig'] !== undefined) {
      await cluster.writeKubeconfig(values['write-kubeconfig']);
    }
    console.log(`Embedded cluster: ${cluster.url}`);
    console.log(`Kubeconfig: ${values['write-kubeconfig'] ?? cluster.kubeconfigs.all}`);
    await stopped;
  } finally {
    await cluster.stop();
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
process.exit();

function optionsOf(): ClusterOptions {
  return {
    ...numberOption('port'), ...numberOption('vms'), ...numberOption('evacuating'), ...numberOption('seed'),
    ...choice('api', ['own', 'real']), ...choice('module', ['1.10', '0.17']), ...guestOf(values, (message) => console.error(message)), ...choice('world', ['company', 'empty']),
    platform: values['no-platform'] !== true, ...streamsOf(values),
  };
}

function numberOption(name: 'port' | 'vms' | 'evacuating' | 'seed'): Record<string, number> {
  const text = values[name];
  if (text !== undefined && !/^\d+$/.test(text)) {
    throw new Error(`--${name} takes a number.\n\n${usage}`);
  }
  return text === undefined ? {} : { [name]: Number(text) };
}

function choice(name: 'api' | 'module' | 'world', of: readonly string[]): Record<string, string> {
  const text = values[name];
  if (text !== undefined && !of.includes(text)) {
    throw new Error(`--${name} takes ${of.join(' or ')}.\n\n${usage}`);
  }
  return text === undefined ? {} : { [name]: text };
}

function untilAsked(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.once(signal, () => resolve());
    }
    if (values.tied) {
      process.stdin.resume().once('end', () => resolve());
    }
  });
}
