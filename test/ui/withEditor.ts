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

/**
 * Opens an editor on an embedded cluster, or on what `start` makes, which writes the kubeconfig unless there is to be none; then runs `use`.
 * Ends everything whatever fails, also while it is opened.
 */
export function withEditor(options: SceneOptions, use: (scene: Scene<ClusterProcess>) => Promise<void>): Promise<void>;
export function withEditor<Cluster extends Ending>(options: SceneOptions & { readonly start: Start<Cluster> }, use: (scene: Scene<Cluster>) => Promise<void>): Promise<void>;
export async function withEditor({ name, cluster: args = [], programs, start, ...options }: SceneOptions & { readonly start?: Start<Ending> }, use: (scene: Scene<never>) => Promise<void>): Promise<void> {
  await using ends = new AsyncDisposableStack();
  const folder = ends.adopt(await mkdtemp(path.join(tmpdir(), `dvp-${name}-`)), (made) => rm(made, { recursive: true, force: true, maxRetries: 5 }));
  const kubeconfig = path.join(folder, 'kubeconfig');
  const cluster = ends.adopt(await (start ? start(kubeconfig, folder) : startClusterProcess({ kubeconfig, args })), (one) => one.stop());
  const editor = ends.adopt(await Editor.open({
    ...options, ...(existsSync(kubeconfig) && { kubeconfig }), ...(programs !== undefined && { programs: path.join(folder, programs) }),
  }), (one) => one.close());
  try {
    await use({ editor, page: editor.page, cluster: cluster as never, folder, kubeconfig });
  } catch (error) {
    await editor.screenshot(`${name}-failed`).catch(() => undefined);
    throw error;
  }
}
