import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { WebSocket } from 'ws';
import { KubeApi } from '../../../src/cluster/api';
import { openChannel } from '../../../src/cluster/channel';
import { connect } from '../../../src/cluster/connection';
import { loadKubeConfig } from '../../../src/cluster/kubeConfig';
import { phaseOf } from '../../../src/domain/kubeObject';
import type { KubeObject } from '../../../src/domain/kubeObject';
import { plugins } from '../../contract/client/site';
import { flood } from '../../cluster/platform/lower/commands';
import { startClusterProcess } from '../../ui/clusterProcess';
import { until } from '../../until';
import { accessTo, streamUrl } from '../access';
import { median, type Measurement } from '../measure';

const count = 20;
const rounds = 5;
const mebibytes = 2;

interface Machine { readonly namespace: string; readonly name: string }
/** One open console: what is typed, and everything that came. */
interface Console { readonly type: (text: string) => void; readonly said: () => string; readonly forget: () => void; readonly close: () => void }

/** Twenty serial consoles of twenty machines at the same time, of our client and of bare WebSockets, in turns. */
export async function run(): Promise<readonly Measurement[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'dvp-bench-consoles-'));
  const kubeconfig = path.join(folder, 'kubeconfig');
  const cluster = await startClusterProcess({ kubeconfig });
  const { token, ca } = await accessTo(kubeconfig);
  const { contexts } = await loadKubeConfig([{ files: [kubeconfig] }]);
  const api = new KubeApi({ connection: connect(contexts.find(({ name }) => name === 'token') ?? contexts[0]!, { plugins: plugins({}), env: {} }), userAgent: 'bench' });
  const ours = async ({ namespace, name }: Machine): Promise<Console> => {
    const channel = await openChannel(api, { namespace, name, stream: 'console' }, { userAgent: 'bench', signal: AbortSignal.timeout(60_000) });
    const heard = collect((listener) => void channel.onData(listener));
    channel.resume();
    return { ...heard, type: (text) => void channel.send(text), close: () => channel.dispose() };
  };
  const bare = async ({ namespace, name }: Machine): Promise<Console> => {
    const socket = new WebSocket(streamUrl(cluster.port, name, 'console', namespace), { ca, headers: { authorization: `Bearer ${token}` }, perMessageDeflate: false });
    const heard = collect((listener) => void socket.on('message', listener));
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    return { ...heard, type: (text) => socket.send(Buffer.from(text)), close: () => socket.terminate() };
  };
  try {
    const { items } = await api.request<{ readonly items: readonly KubeObject[] }>('GET', '/apis/virtualization.deckhouse.io/v1alpha2/virtualmachines');
    const machines = items.filter((machine) => phaseOf(machine) === 'Running').slice(0, count).map(({ metadata: { name, namespace = '' } }) => ({ name, namespace }));
    const opened: [number[], number[]] = [[], []];
    const flooded: [number[], number[]] = [[], []];
    let intact = count;
    for (let round = 0; round <= rounds; round++) {
      for (const [index, open] of [ours, bare].entries()) {
        const result = await together(machines, open);
        if (index === 0) {
          intact = Math.min(intact, result.intact);
        }
        // The first of each warms up.
        if (round > 0) {
          opened[index as 0 | 1].push(result.openedMs);
          flooded[index as 0 | 1].push(count * mebibytes / result.floodedMs * 1000);
        }
      }
    }
    const reference = (values: readonly number[]) => ({ name: 'new WebSocket()', value: median(values) });
    return [
      { name: `${machines.length} consoles at once: all have their prompt`, value: median(opened[0]), unit: 'ms', goal: { on: 'ratio', op: '<=', limit: 1.43 }, reference: reference(opened[1]) },
      { name: `${machines.length} consoles at once: ${mebibytes} MiB of output in each`, value: median(flooded[0]), unit: 'MiB/s', goal: { on: 'ratio', op: '>=', limit: 0.7 }, reference: reference(flooded[1]) },
      { name: `${machines.length} consoles at once: got exactly what their machine printed, in every round`, value: intact, unit: '', goal: { on: 'value', op: '>=', limit: count } },
    ];
  } finally {
    api.dispose();
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Opens all, waits for the prompts, lets all of them print, and closes them. */
async function together(machines: readonly Machine[], open: (machine: Machine) => Promise<Console>): Promise<{ readonly openedMs: number; readonly floodedMs: number; readonly intact: number }> {
  const startedAt = performance.now();
  const consoles = await Promise.all(machines.map(async (machine) => {
    const console = await open(machine);
    console.type('\x04\r');
    await until(() => console.said().endsWith(`${machine.name} login: `), 'A console said something else.', 60_000, 1);
    return console;
  }));
  const openedMs = performance.now() - startedAt;
  await Promise.all(consoles.map(async (console, index) => {
    const prompt = `cloud@${machines[index]?.name ?? ''}:~$ `;
    console.type('cloud\rsecret\r');
    await until(() => console.said().endsWith(prompt), 'A console said something else.', 60_000, 1);
    console.forget();
  }));
  const floodAt = performance.now();
  consoles.forEach((console) => console.type(`flood ${mebibytes}\r`));
  const expected = [`flood ${mebibytes}\r\n`, ...flood(mebibytes * 2 ** 20)].join('');
  const intact = await Promise.all(consoles.map(async (console, index) => {
    const wanted = `${expected}cloud@${machines[index]?.name ?? ''}:~$ `;
    await until(() => console.said().length >= wanted.length, 'A console said something else.', 60_000, 1);
    return console.said() === wanted;
  }));
  const floodedMs = performance.now() - floodAt;
  consoles.forEach((console) => console.close());
  return { openedMs, floodedMs, intact: intact.filter(Boolean).length };
}

function collect(listen: (listener: (bytes: Buffer) => void) => void): Pick<Console, 'said' | 'forget'> {
  const chunks: Buffer[] = [];
  let length = 0;
  let joined = { length: 0, text: '' };
  listen((bytes) => {
    chunks.push(bytes);
    length += bytes.length;
  });
  return {
    said: () => {
      if (joined.length !== length) {
        joined = { length, text: Buffer.concat(chunks).toString('latin1') };
      }
      return joined.text;
    },
    forget: () => {
      chunks.length = 0;
      length = 0;
    },
  };
}
