import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { buildCheck } from '../../../scripts/buildCheck';
import { crdsOf } from '../../cluster/crds';
import { manifest } from '../manifest';
import type { Measurement } from '../measure';
import { median } from '../measure';

const files = 5_000;
const runs = 5;

/** `dvp-check` as it is built: a folder of small files, and one file alone; from the start of the program to its end. */
export async function run(): Promise<readonly Measurement[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'dvp-bench-'));
  try {
    const program = path.join(folder, 'dvp-check.cjs');
    await buildCheck(program);
    const manifests = path.join(folder, 'manifests');
    await mkdir(manifests);
    await Promise.all(Array.from({ length: files }, (_, index) => writeFile(path.join(manifests, `${index}.yaml`), manifest(index))));
    const many: number[] = [];
    const one: number[] = [];
    for (let n = 0; n < runs; n++) {
      many.push(await timed(process.execPath, [program, manifests]));
      one.push(await timed(process.execPath, [program, path.join(manifests, '0.yaml')]));
    }
    const peer = findPeer();
    const peerMs = peer === undefined ? undefined : await timed(peer, [manifests, '--local-crds', await writeCrds(folder)]);
    return [
      {
        name: 'dvp-check: 5,000 files', value: median(many), unit: 'ms', goal: { on: 'ratio', op: '<=', limit: 0.2 },
        ...(peerMs === undefined ? {} : { reference: { name: 'kubectl-validate, the same files', value: peerMs } }),
      },
      { name: 'dvp-check: one file', value: median(one), unit: 'ms', goal: { on: 'value', op: '<=', limit: 150 } },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** On the `PATH`, or where `GOBIN` is put by docs/bench.md. */
function findPeer(): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), path.join(homedir(), '.cache/deckhouse-virtualization/bin')];
  return folders.map((folder) => path.join(folder, 'kubectl-validate')).find((file) => existsSync(file));
}

async function writeCrds(folder: string): Promise<string> {
  const crds = path.join(folder, 'crds');
  await mkdir(crds);
  await Promise.all((await crdsOf('1.10')).map((crd) => writeFile(path.join(crds, `${crd.metadata.name}.yaml`), JSON.stringify(crd))));
  return crds;
}

function timed(program: string, args: readonly string[]): Promise<number> {
  const startMs = performance.now();
  const child = spawn(program, args, { stdio: 'ignore' });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve(performance.now() - startMs) : reject(new Error(`${path.basename(program)} ended with ${String(code)}.`))));
  });
}
