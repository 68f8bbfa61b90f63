import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { type ClusterProcess, startClusterProcess } from './clusterProcess';
import { Editor, type EditorOptions } from './editor';

/** What a test in the workbench works with. */
export interface Scene<Cluster> {
  readonly editor: Editor;
  readonly page: Page;
  readonly cluster: Cluster;
  /** Of the test alone; gone afterwards. */
  readonly folder: string;
  readonly kubeconfig: string;
}

interface Ending {
  stop(): Promise<void>;
}

export interface SceneOptions extends Omit<EditorOptions, 'kubeconfig' | 'programs'> {
  /** What the test's screenshots begin with: `<name>-failed` is kept when it fails. */
  readonly name: string;
  /** Further arguments of `npm run cluster`. */
  readonly cluster?: readonly string[];
  /** A folder with programs that go before all others, in the test's folder. */
  readonly programs?: string;
}

type Start<Cluster> = (kubeconfig: string, folder: string) => Promise<Cluster>;

type Opened<Cluster> = Scene<Cluster> & AsyncDisposable;

/** Runs `use` in an opened scene, and ends that whatever fails. */
export function withEditor(options: SceneOptions, use: (scene: Scene<ClusterProcess>) => Promise<void>): Promise<void>;
export function withEditor<Cluster extends Ending>(options: SceneOptions & { readonly start: Start<Cluster> }, use: (scene: Scene<Cluster>) => Promise<void>): Promise<void>;
export async function withEditor(options: SceneOptions & { readonly start?: Start<Ending> }, use: (scene: Scene<never>) => Promise<void>): Promise<void> {
  await using scene = await openScene({ start: processOf(options), ...options });
  try {
    await use({ ...scene, cluster: scene.cluster as never });
  } catch (error) {
    await scene.editor.screenshot(`${options.name}-failed`).catch(() => undefined);
    throw error;
  }
}

/**
 * Opens an editor on what `start` makes, which writes the kubeconfig unless there is to be none. Ends everything when it is disposed, or
 * when opening fails.
 */
export async function openScene<Cluster extends Ending>({ name, programs, start, cluster: _, ...options }: SceneOptions & { readonly start: Start<Cluster> }): Promise<Opened<Cluster>> {
  await using ends = new AsyncDisposableStack();
  const folder = ends.adopt(await mkdtemp(path.join(tmpdir(), `dvp-${name}-`)), (made) => rm(made, { recursive: true, force: true, maxRetries: 5 }));
  const kubeconfig = path.join(folder, 'kubeconfig');
  const cluster = ends.adopt(await start(kubeconfig, folder), (one) => one.stop());
  const editor = ends.adopt(await Editor.open({
    ...options, ...(existsSync(kubeconfig) && { kubeconfig }), ...(programs !== undefined && { programs: path.join(folder, programs) }),
  }), (one) => one.close());
  const all = ends.move();
  return { editor, page: editor.page, cluster, folder, kubeconfig, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

function processOf({ cluster: args = [] }: SceneOptions): Start<ClusterProcess> {
  return (kubeconfig) => startClusterProcess({ kubeconfig, args });
}
