import { t } from '@vscode/l10n';
import { Disposable, EventEmitter, type FileChangeEvent, FileChangeType, type FileStat, type FileSystemProvider, FileSystemError, FileType, type Uri } from 'vscode';
import { DisposableStore } from '../base/disposable';
import { Paced } from '../base/paced';
import { systemClock } from '../base/timing';
import type { KubeObject } from '../domain/kubeObject';
import type { Clusters, ClusterSession, ObjectsChange } from './clusters';
import type { RecentEvents } from './recentEvents';
import type { Report } from './report';
import { type DocumentTarget, targetOf, type Target } from './target';

export interface LiveObjectOptions {
  readonly clusters: Clusters;
  readonly report: Report;
  readonly events: RecentEvents;
}

/** How often an open document follows its object at most. */
const refreshIntervalMs = 250;

/** A description waits this long for the Events that belong to it. */
const eventsWaitMs = 2000;

interface Watched {
  readonly uri: Uri;
  readonly target: DocumentTarget;
  /** Resource version of what was told last; `null` when the object was gone. */
  told: string | null | undefined;
}

/** Files of the scheme `dvp`: an object of a cluster as YAML or described, read-only, following the object as it changes. */
export class LiveObjects implements FileSystemProvider {
  readonly #options: LiveObjectOptions;
  readonly #changed = new EventEmitter<FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changed.event;
  readonly #store = new DisposableStore();
  readonly #watched = new Set<Watched>();
  /** What changed since it was told last, each kind of each context once. */
  readonly #pending = new Map<string, ObjectsChange>();
  /** Grows with every read: editors read again only what has a newer time. */
  #time = Date.now();

  constructor(options: LiveObjectOptions) {
    this.#options = options;
    this.#store.add(this.#changed);
    const tell = this.#store.add(new Paced(systemClock, { intervalMs: refreshIntervalMs }, () => this.#tellChanges()));
    this.#store.add(options.clusters.onDidChangeObjects((change) => {
      if (this.#watched.size > 0) {
        this.#pending.set(`${change.context} ${change.kind}`, change);
        tell.trigger();
      }
    }));
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
    try {
      return new TextEncoder().encode(await this.#textOf(target, uri));
    } catch (error) {
      if (error instanceof FileSystemError) {
        throw error;
      }
      this.#options.report.background(`Reading ${uri.path}`, error);
      throw FileSystemError.Unavailable(error instanceof Error ? error.message : t('The cluster did not answer.'));
    }
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

  async #textOf(target: DocumentTarget, uri: Uri): Promise<string> {
    const session = await this.#options.clusters.ready(target.context);
    const object = await objectOf(target, session, uri);
    if (target.as === 'yaml') {
      return (await import('./yamlText')).yamlText(object);
    }
    const [{ describe }] = await Promise.all([import('../domain/describe'), this.#options.events.look(session, eventsWaitMs)]);
    return describe(object, session.view, Date.now());
  }

  #known({ context, kind, name, namespace }: Target): KubeObject | null | undefined {
    return this.#options.clusters.session(context)?.view.get(kind, name, namespace);
  }

  #tellChanges(): void {
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    const changes: FileChangeEvent[] = [];
    for (const watched of this.#watched) {
      const { context, kind, as } = watched.target;
      const isOlder = as === 'txt' && pending.some((change) => change.context === context && change.kind === 'Event');
      const isTouched = pending.some((change) => change.context === context && change.kind === kind);
      const version = isTouched ? versionOf(this.#known(watched.target)) : undefined;
      if (version !== undefined && version !== watched.told) {
        changes.push({ uri: watched.uri, type: version === null ? FileChangeType.Deleted : watched.told === null ? FileChangeType.Created : FileChangeType.Changed });
        watched.told = version;
      } else if (isOlder && watched.told !== null) {
        changes.push({ uri: watched.uri, type: FileChangeType.Changed });
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
  return session.api.get(served, name, namespace);
}
