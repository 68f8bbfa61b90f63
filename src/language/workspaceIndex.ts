import type { KindId } from '../domain/kind';
import { knownKind } from '../domain/kinds/index';
import type { KubeObject } from '../domain/kubeObject';
import { identityOf } from './identity';
import type { Manifest, Part } from './manifest';

/** A manifest of the workspace that names its object. */
export interface IndexedManifest {
  readonly uri: string;
  readonly manifest: Manifest;
  readonly id: KindId;
  readonly object: KubeObject;
  /** As written; `undefined` where the manifest leaves it to the context. */
  readonly namespace: string | undefined;
}

/** The manifests of all files that are known, by kind and name. */
export class WorkspaceIndex {
  readonly #files = new Map<string, { text: string; parts: readonly Part[]; entries: Map<Manifest, IndexedManifest> }>();
  readonly #byName = new Map<string, Set<IndexedManifest>>();
  readonly #byKind = new Map<KindId, Set<IndexedManifest>>();

  /** Replaces what is known of a file; only documents that are new to it cost anything. */
  set(uri: string, text: string, parts: readonly Part[]): void {
    const before = this.#files.get(uri);
    if (before?.parts === parts) {
      return;
    }
    const manifests = new Set(parts.map(({ manifest }) => manifest));
    const entries = new Map<Manifest, IndexedManifest>();
    before?.entries.forEach((entry, manifest) => {
      if (manifests.has(manifest)) {
        entries.set(manifest, entry);
      } else {
        this.#remove(entry);
      }
    });
    for (const manifest of manifests) {
      const entry = entries.has(manifest) ? undefined : entryOf(uri, manifest);
      if (entry) {
        entries.set(manifest, entry);
        this.#add(entry);
      }
    }
    this.#files.set(uri, { text, parts, entries });
  }

  delete(uri: string): void {
    this.#files.get(uri)?.entries.forEach((entry) => this.#remove(entry));
    this.#files.delete(uri);
  }

  has(uri: string): boolean {
    return this.#files.has(uri);
  }

  get uris(): Iterable<string> {
    return this.#files.keys();
  }

  parts(uri: string): readonly Part[] {
    return this.#files.get(uri)?.parts ?? [];
  }

  text(uri: string): string {
    return this.#files.get(uri)?.text ?? '';
  }

  /** Where the document of an entry begins in its file. */
  offsetOf({ uri, manifest }: IndexedManifest): number {
    return this.parts(uri).find((part) => part.manifest === manifest)?.offset ?? 0;
  }

  /** The manifests of that name. A namespace that one of both sides leaves open fits every other. */
  named(id: KindId, name: string, namespace?: string): readonly IndexedManifest[] {
    const known = this.#byName.get(`${id} ${name}`);
    if (!known || known.size === 0) {
      return none;
    }
    const found = [...known];
    return knownKind(id)?.namespaced === false ? found : found.filter((entry) => entry.namespace === undefined || namespace === undefined || entry.namespace === namespace);
  }

  list(id: KindId, namespace?: string): readonly IndexedManifest[] {
    const known = this.#byKind.get(id);
    if (!known || known.size === 0) {
      return none;
    }
    const all = [...known];
    return namespace === undefined || knownKind(id)?.namespaced === false ? all : all.filter((entry) => entry.namespace === undefined || entry.namespace === namespace);
  }

  *[Symbol.iterator](): Iterator<IndexedManifest> {
    for (const { entries } of this.#files.values()) {
      yield* entries.values();
    }
  }

  #add(entry: IndexedManifest): void {
    addTo(this.#byName, `${entry.id} ${entry.object.metadata.name}`, entry);
    addTo(this.#byKind, entry.id, entry);
  }

  #remove(entry: IndexedManifest): void {
    this.#byName.get(`${entry.id} ${entry.object.metadata.name}`)?.delete(entry);
    this.#byKind.get(entry.id)?.delete(entry);
  }
}

/** Asked for every reference of every document at every keystroke, this is what is found most often. */
const none: readonly IndexedManifest[] = [];

function addTo<K, V>(map: Map<K, Set<V>>, key: K, value: V): void {
  const known = map.get(key);
  if (known) {
    known.add(value);
  } else {
    map.set(key, new Set([value]));
  }
}

function entryOf(uri: string, manifest: Manifest): IndexedManifest | undefined {
  const identity = identityOf(manifest);
  if (!identity?.name || manifest.value === undefined || manifest.syntax) {
    return undefined;
  }
  return { uri, manifest, id: identity.id, namespace: identity.namespace, object: manifest.value as unknown as KubeObject };
}
