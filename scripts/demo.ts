// `npm run demo`: the embedded cluster and a real VS Code with the extension in it. Ctrl+C ends both and removes what they wrote.
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { guestOf, guestOptions } from '../test/cluster/guestOptions';
import { startCluster } from '../test/cluster/start';
import type { Cluster, ClusterOptions } from '../test/cluster/start';
import { findDesktop, openBrowser, openDesktop } from './demoWindow';
import { packageExtension } from './package';
import { root, vsixFile } from './paths';
import { startWorkbench } from './workbench';

const { values } = parseArgs({
  options: {
    desktop: { type: 'boolean', default: false },
    'no-open': { type: 'boolean', default: false },
    port: { type: 'string', default: '0' },
    module: { type: 'string', default: '1.10' },
    api: { type: 'string', default: 'own' },
    ...guestOptions,
    vms: { type: 'string' },
    evacuating: { type: 'string' },
    seed: { type: 'string' },
  },
});

/** Undone in reverse order at the end, whatever made it come. */
const undo: (() => Promise<void>)[] = [];
const ended = new Promise<void>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => { resolve(); });
  }
});
try {
  await demo();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  for (const step of undo.reverse()) {
    await step().catch((error: unknown) => { console.error(error); });
  }
}

async function demo(): Promise<void> {
  const options = clusterOptions();
  const code = values.desktop ? await findDesktop() : undefined;
  const folder = await mkdtemp(path.join(tmpdir(), 'dvp-demo-'));
  undo.push(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const workspace = path.join(folder, 'workspace');
  await cp(path.join(root, 'test/host/workspace'), workspace, { recursive: true });

  console.log('Building the extension.');
  await packageExtension();
  console.log('Starting the embedded cluster.');
  const kubeconfig = path.join(folder, 'kubeconfig');
  const cluster = await startKept(kubeconfig, options);
  undo.push(() => cluster.stop());

  const env = { KUBECONFIG: kubeconfig };
  const window = code
    ? await openDesktop({ code, folder: path.join(folder, 'code'), workspace, env, vsix: vsixFile })
    : await openWeb(workspace, env);
  undo.push(() => window.close());
  console.log(`\nCluster      ${cluster.url}\nKubeconfig   ${kubeconfig}\nVS Code      ${window.address}\n`);
  console.log('Type "stop" to end the cluster and "start" to bring it back. Ctrl+C ends everything and leaves nothing behind.');
  const commands = createInterface({ input: process.stdin });
  commands.on('line', (line) => { cluster.obey(line.trim()); });
  await Promise.race([ended, window.closed]);
  commands.close();
}

/** The cluster, which can be ended and brought back on the same port with the same world, and its kubeconfig. */
async function startKept(kubeconfig: string, options: ClusterOptions) {
  let cluster: Cluster | undefined = await startCluster(options);
  await cluster.writeKubeconfig(kubeconfig);
  const { url } = cluster;
  const port = Number(new URL(url).port);
  let last = Promise.resolve();
  const stop = async () => {
    await cluster?.stop();
    cluster = undefined;
  };
  const begin = async () => {
    cluster ??= await startCluster({ ...options, port });
    await cluster.writeKubeconfig(kubeconfig);
  };
  const steps = new Map<string, readonly [() => Promise<void>, string]>([['stop', [stop, 'The cluster has ended.']], ['start', [begin, 'The cluster is back.']]]);
  return {
    url,
    stop: () => last.then(stop),
    obey: (word: string) => {
      const [step, done] = steps.get(word) ?? [];
      if (step) {
        last = last.then(step).then(() => { console.log(done); }, (error: unknown) => { console.error(error); });
      }
    },
  };
}

function clusterOptions(): ClusterOptions {
  return {
    api: oneOf('api', values.api, ['own', 'real']),
    module: oneOf('module', values.module, ['1.10', '0.17']),
    ...guestOf(values, (message) => console.error(message)),
    port: number('port', values.port) ?? 0,
    ...optional('vms', number('vms', values.vms)),
    ...optional('evacuating', number('evacuating', values.evacuating)),
    ...optional('seed', number('seed', values.seed)),
  };
}

async function openWeb(workspace: string, env: Readonly<Record<string, string>>) {
  const workbench = await startWorkbench({ vsix: vsixFile, env, isPrivate: true }, (message) => { console.log(message); });
  undo.push(() => workbench.stop());
  const address = workbench.url({ folder: workspace });
  const window = values['no-open'] ? undefined : await openBrowser(address, path.join(workbench.folder, 'browser'));
  return { address, closed: new Promise<void>(() => undefined), close: async () => window?.close() };
}

function oneOf<const T extends string>(name: string, value: string, choices: readonly T[]): T {
  const choice = choices.find((each) => each === value);
  if (!choice) {
    throw new Error(`--${name} is one of: ${choices.join(', ')}.`);
  }
  return choice;
}

function number(name: string, value: string | undefined): number | undefined {
  if (value !== undefined && !/^\d+$/.test(value)) {
    throw new Error(`--${name} is a whole number.`);
  }
  return value === undefined ? undefined : Number(value);
}

function optional<K extends string>(key: K, value: number | undefined): Partial<Record<K, number>> {
  return value === undefined ? {} : { [key]: value } as Record<K, number>;
}
