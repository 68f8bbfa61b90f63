import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Uri, workspace } from 'vscode';
import type { Disposable } from '../base/disposable';
import { DisposableStore } from '../base/disposable';
import { systemClock } from '../base/timing';
import type { OpenApi } from '../cluster/openApi';
import { SchemaWatch } from '../cluster/schemaWatch';
import type { KindId } from '../domain/kind';
import { generationOf } from '../language/generation';
import { clusterSchemas } from '../language/clusterSchemas';
import { companionsOf } from '../language/references';
import type { ModuleGeneration } from '../language/rule';
import { bundledSchemas } from '../language/schemaSource';
import type { ClusterContext, LanguageService } from '../language/service';
import { createLanguageService } from '../language/service';
import type { Clusters, ClusterSession } from './clusters';
import type { Report } from './report';
import { setting } from './settings';
import { uriOf } from './target';
import { keepApart } from './yamlNeighbour';

export interface LanguageRuntimeOptions {
  readonly clusters: Clusters;
  readonly report: Report;
  readonly extensionUri: Uri;
  /** Other manifests became known, so documents may be judged differently. */
  readonly onDidIndex: () => void;
}

/** Files that are looked through for manifests; more of them are not worth the time. */
const mostFiles = 5000;
const largestFileBytes = 1024 * 1024;

/** The language service with what it needs of VS Code: schemas, the current cluster, the manifests of the workspace. Loaded with the first manifest. */
export class LanguageRuntime {
  readonly #options: LanguageRuntimeOptions;
  readonly #store = new DisposableStore();
  readonly #schemaWatch: SchemaWatch;
  #service: { readonly module: ModuleGeneration; readonly described: OpenApi | undefined; readonly service: LanguageService };
  readonly #watches = new Map<KindId, Disposable>();
  #watched: ClusterSession | undefined;

  constructor(options: LanguageRuntimeOptions) {
    this.#options = options;
    this.#schemaWatch = this.#store.add(new SchemaWatch({ clock: systemClock, onDidChange: options.onDidIndex, onFailure: (error) => options.report.background('Reading the schemas of the cluster', error) }));
    this.#store.add(keepApart((error) => options.report.background('Telling the YAML extension whose manifests are', error)));
    this.#service = this.#create(this.#module(), undefined);
    const files = this.#store.add(workspace.createFileSystemWatcher('**/*.{yaml,yml,json}'));
    this.#store.add(files.onDidCreate((uri) => void this.#readFile(uri)));
    this.#store.add(files.onDidChange((uri) => void this.#readFile(uri)));
    this.#store.add(files.onDidDelete((uri) => {
      this.service.file(uri.toString(), undefined);
      options.onDidIndex();
    }));
    void this.#readWorkspace();
  }

  /** For the module that the settings or the current cluster name at this moment, with the cluster's own schemas where it has told them. */
  get service(): LanguageService {
    const module = this.#module();
    const described = setting('schemas.module') === 'auto' ? this.#schemaWatch.of(this.#session()) : undefined;
    if (module !== this.#service.module || described !== this.#service.described) {
      this.#service = this.#create(module, described);
      void this.#readWorkspace();
    }
    return this.#service.service;
  }

  /** The manifests that somebody looks at: the kinds that they name are followed too. */
  follow(texts: readonly string[]): void {
    const session = texts.length > 0 ? this.#session() : undefined;
    const wanted = session ? companionsOf(texts) : [];
    for (const [kind, watch] of this.#watches) {
      if (session !== this.#watched || !wanted.includes(kind)) {
        watch.dispose();
        this.#watches.delete(kind);
      }
    }
    this.#watched = session;
    wanted.forEach((kind) => session && !this.#watches.has(kind) && this.#watches.set(kind, session.watch(kind)));
    this.#schemaWatch.follow(session);
  }

  dispose(): void {
    this.follow([]);
    this.#store.dispose();
  }

  #session(): ClusterSession | undefined {
    const { clusters } = this.#options;
    return clusters.current && clusters.session(clusters.current.id);
  }

  #module(): ModuleGeneration {
    const chosen = setting('schemas.module');
    return chosen === 'auto' ? generationOf(this.#session()?.view) : chosen;
  }

  #create(module: ModuleGeneration, described: OpenApi | undefined): { module: ModuleGeneration; described: OpenApi | undefined; service: LanguageService } {
    const { extensionUri } = this.#options;
    const bundled = bundledSchemas(module, (file) => read(Uri.joinPath(extensionUri, 'schemas', file).fsPath));
    const schemas = described ? clusterSchemas(bundled, described.documents) : bundled;
    const explained = Uri.joinPath(extensionUri, 'docs', 'diagnostics.md');
    const service = createLanguageService({
      schemas,
      snippets: (file) => read(Uri.joinPath(extensionUri, 'snippets', `${file}.code-snippets`).fsPath),
      cluster: () => this.#context(),
      severities: () => setting('diagnostics.severity'),
      explanation: (code) => explained.with({ fragment: code.replace('/', '') }).toString(),
      liveUri: (object) => uriOf(object, 'yaml').toString(),
    });
    return { module, described, service };
  }

  #context(): ClusterContext | undefined {
    const session = this.#session();
    if (!session) {
      return undefined;
    }
    const { view, context: { id, name, namespace } } = session;
    return { id, name, view, namespace };
  }

  async #readWorkspace(): Promise<void> {
    const uris = await workspace.findFiles('**/*.{yaml,yml,json}', '**/{node_modules,.git}/**', mostFiles);
    await Promise.all(uris.map((uri) => this.#readFile(uri, false)));
    this.#options.onDidIndex();
  }

  async #readFile(uri: Uri, tells = true): Promise<void> {
    try {
      const { size } = await workspace.fs.stat(uri);
      const text = size > largestFileBytes ? undefined : new TextDecoder().decode(await workspace.fs.readFile(uri));
      if (!this.#store.isDisposed) {
        this.#service.service.file(uri.toString(), text);
      }
    } catch (error) {
      this.#service.service.file(uri.toString(), undefined);
      this.#options.report.background(`Reading ${path.basename(uri.path)}`, error);
    }
    if (tells && !this.#store.isDisposed) {
      this.#options.onDidIndex();
    }
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}
