import path from 'node:path';
import { KubeApi } from '../../../src/cluster/api';
import { ExecPlugins } from '../../../src/cluster/execPlugin';
import { connect, loadKubeConfig } from '../../../src/cluster/kubeConfig';
import { systemClock, type Clock } from '../../../src/base/timing';
import { controllers } from './controllers/index';
import { installCrds } from './install';
import { Known } from './known';
import { SimulatedLower } from './lower/simulated';
import { humanTiming, type Timing } from './lower/timing';
import { Loop } from './loop';
import { watchedResources, type Module } from './resources';

export interface PlatformOptions {
  /** Path of the file; its current context is used. */
  readonly kubeconfig: string;
  readonly module: Module;
  /** Only simulated guests exist so far. */
  readonly guest?: 'simulated';
  /** Whether to make the CRDs first, where they do not exist; default false. */
  readonly install?: boolean;
  /** The time of the layer below and of the controllers; the network's is always the real one. */
  readonly clock?: Clock;
  readonly timing?: Timing;
  readonly log?: (message: string) => void;
}

export interface Platform {
  readonly lower: SimulatedLower;
  readonly known: Known;
  /** Resolves as soon as the controllers have nothing left to write. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the platform in a cluster; resolves when everything has been listed once and the controllers run. */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const { clock = systemClock, timing = humanTiming, module, log = () => undefined } = options;
  const api = await adminApi(options.kubeconfig);
  if (options.install) {
    await installCrds(api, module, systemClock);
  }
  const known = new Known();
  const lower = new SimulatedLower(clock, timing, () => workersOf(known));
  const loop = new Loop({ api, resources: watchedResources(module), controllers, log, context: { known, lower, clock, module } });
  await loop.start();
  return {
    lower,
    known,
    idle: () => loop.idle(),
    stop: () => {
      loop.dispose();
      lower.dispose();
      api.dispose();
      return Promise.resolve();
    },
  };
}

async function adminApi(kubeconfig: string): Promise<KubeApi> {
  const { contexts, problems } = await loadKubeConfig([{ files: [path.resolve(kubeconfig)] }]);
  const context = contexts.find(({ isCurrent }) => isCurrent) ?? contexts[0];
  if (!context) {
    throw new Error(`"${kubeconfig}" has no usable context: ${problems.map(({ message }) => message).join(' ')}`);
  }
  return new KubeApi({ connection: connect(context, { plugins: new ExecPlugins({ clock: systemClock, log: () => undefined, environment: () => Promise.resolve(process.env), mayRun: () => Promise.resolve(true) }) }), userAgent: 'dvp-embedded-platform' });
}

/** Nodes that machines may run on; a control plane runs none. */
function workersOf(known: Known): readonly string[] {
  return [...known.all('Node')].filter((node) => !('node-role.kubernetes.io/control-plane' in (node.metadata.labels ?? {}))).map((node) => node.metadata.name);
}
