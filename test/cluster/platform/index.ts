import path from 'node:path';
import { KubeApi } from '../../../src/cluster/api';
import { ExecPlugins } from '../../../src/cluster/execPlugin';
import { connect, loadKubeConfig } from '../../../src/cluster/kubeConfig';
import { systemClock, type Clock } from '../../../src/base/timing';
import type { ModuleSettings } from '../../../src/language/rule';
import { newMemory } from './controller';
import { controllers } from './controllers/index';
import { factsOf, Reviewer } from './admission/admission';
import { convert } from './conversion';
import { connectHooks, disconnectHooks, installCrds, proxyCa } from './install';
import { disksOf } from './disks';
import { Known } from './known';
import { plays } from './lower/annotation';
import type { Hypervisor } from './lower/hypervisor';
import { nodesOf } from './lower/nodes';
import { SimulatedLower } from './lower/simulated';
import { humanTiming, type Timing } from './lower/timing';
import { Loop } from './loop';
import { refOf } from './objects';
import { servedBelow, watchedResources, type Module } from './resources';
import { startServer } from './server';
import { Sessions } from './streams/sessions';
import { Streams } from './streams/streams';

export interface PlatformOptions {
  /** Path of the file; its current context is used. */
  readonly kubeconfig: string;
  readonly module: Module;
  /** Runs guests for real; absent: all are simulated. It ends with the platform. */
  readonly hypervisor?: Hypervisor;
  /** Whether to make the CRDs first, where they do not exist; default false. Admission, conversion and streams always come along. */
  readonly install?: boolean;
  /** Whether consoles can be probed, and Leases say who has them, as in releases after 1.10; default false. */
  readonly hasProbe?: boolean;
  /** The WebSocket subprotocols that may be selected; by default `plain.kubevirt.io` alone. */
  readonly subprotocols?: readonly string[];
  /** Whether objects are driven; default true. Without, only admission, conversion and streams answer, and every status stays as it is. */
  readonly controllers?: boolean;
  /** What the module is set to, as far as admission asks; unless given, a Community Edition with addresses from 10.66.0.0/16. */
  readonly settings?: ModuleSettings;
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
  /** Resolves when something in the cluster has changed. */
  change(): Promise<void>;
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
  const { hypervisor } = options;
  const lower = new SimulatedLower(clock, timing, nodesOf(known), hypervisor && { hypervisor, disks: (object) => disksOf(object, known) });
  const resources = new Map([...watchedResources(module), ...await servedBelow(api)]);
  const sessions = options.hasProbe ? new Sessions(api, log) : undefined;
  const streams = new Streams({ known, guest: (machine) => lower.guest(machine), sessions, ...(options.subprotocols ? { subprotocols: options.subprotocols } : {}) });
  const reviewer = await Reviewer.create(module, factsOf(known, resources, clock, options.settings));
  const endpoint = await startServer({
    post: (path, body) => {
      const [, action, kind = ''] = path.split('/');
      return action === 'convert' ? convert(body) : action === 'validate' || action === 'mutate' ? reviewer.answer(kind, action === 'mutate', body) : undefined;
    },
    get: (request, response) => streams.get(request, response),
    upgrade: (request, socket, head) => streams.upgrade(request, socket, head),
  }, await proxyCa(api));
  const loop = new Loop({ api, resources, controllers: options.controllers ?? true ? controllers : [], log, context: { known, lower, clock, module, memory: newMemory() } });
  const stop = async () => {
    loop.dispose();
    lower.dispose();
    await hypervisor?.dispose();
    streams.dispose();
    sessions?.dispose();
    await disconnectHooks(api, module).catch((error: unknown) => log(String(error)));
    await endpoint.close();
    api.dispose();
  };
  try {
    await connectHooks(api, module, endpoint);
    await loop.start();
    if (hypervisor) {
      [...known.all('VirtualMachine')].filter((machine) => plays(machine, 'real-guest')).forEach((machine) => loop.wake(refOf(machine)));
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    lower,
    known,
    idle: () => loop.idle(),
    change: () => loop.change(),
    stop,
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
