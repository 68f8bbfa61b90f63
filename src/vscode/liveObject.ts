import { t } from '@vscode/l10n';
import { Disposable, EventEmitter, type FileChangeEvent, FileChangeType, type FileStat, type FileSystemProvider, FileSystemError, FileType, type Uri } from 'vscode';
import { DisposableStore } from '../base/disposable';
import type { KubeObject } from '../domain/kubeObject';
import type { Clusters, ClusterSession } from './clusters';
import { targetOf, type Target } from './target';

interface Watched {
  readonly uri: Uri;
  readonly target: Target;
  /** Resource version of what was told last; `null` when the object was gone. */
  told: string | null | undefined;
}

/** Files of the scheme `dvp`: an object of a cluster as YAML or described, read-only, following the object as it changes. */
export class LiveObjects implements FileSystemProvider {
  readonly #clusters: Clusters;
  readonly #changed = new EventEmitter<FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changed.event;
  readonly #store = new DisposableStore();
  readonly #watched = new Set<Watched>();
  /** Grows with every read: editors read again only what has a newer time. */
  #time = Date.now();

  constructor(clusters: Clusters) {
    this.#clusters = clusters;
    this.#store.add(this.#changed);
    this.#store.add(clusters.onDidChangeObjects(({ context, kind }) => this.#tellChanges(context, kind)));
  }

  watch(uri: Uri): Disposable {
    const target = targetOf(uri);
    if (!target) {
      return new Disposable(() => undefined);
    }
    const watched: Watched = { uri, target, told: versionOf(this.#known(target)) };
    this.#watched.add(watched);
    return new Disposable(() => this.#watched.delete(watched));
  }

  async stat(uri: Uri): Promise<FileStat> {
    const content = await this.readFile(uri);
    return { type: FileType.File, ctime: 0, mtime: this.#time, size: content.byteLength };
  }

  async readFile(uri: Uri): Promise<Uint8Array> {
    const target = targetOf(uri);
    if (!target) {
      throw FileSystemError.FileNotFound(uri);
    }
    const session = await this.#clusters.ready(target.context);
    const object = await objectOf(target, session, uri);
    return new TextEncoder().encode(await yamlOf(object));
  }

  readDirectory(): [string, FileType][] {
    return [];
  }

  createDirectory(uri: Uri): never {
    throw FileSystemError.NoPermissions(uri);
  }

  writeFile(uri: Uri): never {
    throw FileSystemError.NoPermissions(uri);
  }

  delete(uri: Uri): never {
    throw FileSystemError.NoPermissions(uri);
  }

  rename(uri: Uri): never {
    throw FileSystemError.NoPermissions(uri);
  }

  dispose(): void {
    this.#store.dispose();
    this.#watched.clear();
  }

  #known({ context, kind, name, namespace }: Target): KubeObject | null | undefined {
    return this.#clusters.session(context)?.view.get(kind, name, namespace);
  }

  #tellChanges(context: string, kind: string): void {
    const changes: FileChangeEvent[] = [];
    for (const watched of this.#watched) {
      const object = watched.target.context === context && watched.target.kind === kind ? this.#known(watched.target) : undefined;
      const version = versionOf(object);
      if (version !== undefined && version !== watched.told) {
        changes.push({ uri: watched.uri, type: version === null ? FileChangeType.Deleted : watched.told === null ? FileChangeType.Created : FileChangeType.Changed });
        watched.told = version;
      }
    }
    if (changes.length > 0) {
      this.#time = Math.max(this.#time + 1, Date.now());
      this.#changed.fire(changes);
    }
  }
}

function versionOf(object: KubeObject | null | undefined): string | null | undefined {
  return object === null ? null : object?.metadata.resourceVersion;
}

async function objectOf(target: Target, session: ClusterSession, uri: Uri): Promise<KubeObject> {
  const { kind, name, namespace } = target;
  const known = session.view.get(kind, name, namespace);
  if (known) {
    return known;
  }
  const served = session.view.kinds?.find(({ id }) => id === kind);
  if (known === null || !served) {
    throw FileSystemError.FileNotFound(uri);
  }
  try {
    return await session.api.get(served, name, namespace);
  } catch (error) {
    throw FileSystemError.Unavailable(error instanceof Error ? error.message : t('The cluster did not answer.'));
  }
}

async function yamlOf(object: KubeObject): Promise<string> {
  const { stringify } = await import('yaml');
  return stringify(object, { lineWidth: 0, aliasDuplicateObjects: false, version: '1.1' });
}
