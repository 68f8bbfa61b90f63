import type { ClusterView } from '../domain/clusterView';
import type { KindId } from '../domain/kind';
import { knownKind } from '../domain/kinds/index';
import type { KubeObject } from '../domain/kubeObject';
import type { Manifest } from './manifest';
import type { Facts, ModuleSettings } from './rule';
import type { WorkspaceIndex } from './workspaceIndex';

/** What surrounds a document. */
export interface Surroundings {
  /** The cluster that the document is meant for; `undefined` while none is connected. */
  readonly view: ClusterView | undefined;
  readonly workspace: WorkspaceIndex;
  /** The namespace of the context; `undefined` while none is chosen. */
  readonly namespace: string | undefined;
  readonly settings: ModuleSettings;
}

/** A question that was asked, and its answer. */
interface Asked {
  readonly kind: KindId;
  readonly name: string;
  readonly namespace: string | undefined;
  readonly answer: KubeObject | null | undefined;
}

/**
 * The cluster, completed by the manifests of the workspace: what is about to be applied counts as existing. `self` is the
 * document that asks; it does not see itself. Remembers what it was asked, so that an answer can be told from a stale one
 * without asking the checks again.
 */
export class RecordedFacts implements Facts {
  readonly #surroundings: Surroundings;
  readonly #self: Manifest;
  readonly #gets: Asked[] = [];
  readonly #stored: Asked[] = [];
  readonly #lists: { readonly kind: KindId; readonly namespace: string | undefined; readonly answer: readonly KubeObject[] | undefined }[] = [];

  constructor(surroundings: Surroundings, self: Manifest) {
    this.#surroundings = surroundings;
    this.#self = self;
  }

  get settings(): ModuleSettings {
    return this.#surroundings.settings;
  }

  get(kind: KindId, name: string, namespace?: string): KubeObject | null | undefined {
    return remembered(this.#gets, kind, name, namespace, () => lookUp(this.#surroundings, this.#self, kind, name, namespace));
  }

  /** As `get`, of the cluster alone. */
  live(kind: KindId, name: string, namespace?: string): KubeObject | null | undefined {
    return remembered(this.#stored, kind, name, namespace, () => liveObject(this.#surroundings, kind, name, namespace));
  }

  list(kind: KindId, namespace?: string): readonly KubeObject[] | undefined {
    const known = this.#lists.find((asked) => asked.kind === kind && asked.namespace === namespace);
    if (known) {
      return known.answer;
    }
    const answer = listAll(this.#surroundings, this.#self, kind, namespace);
    this.#lists.push({ kind, namespace, answer });
    return answer;
  }

  /** Whether everything that was asked has the same answer in these surroundings. Asked for every document at every keystroke. */
  isSame(now: Surroundings): boolean {
    return now.namespace === this.#surroundings.namespace && now.settings === this.#surroundings.settings
      && this.#gets.every(({ kind, name, namespace, answer }) => lookUp(now, this.#self, kind, name, namespace) === answer)
      && this.#stored.every(({ kind, name, namespace, answer }) => liveObject(now, kind, name, namespace) === answer)
      && this.#lists.every(({ kind, namespace, answer }) => sameList(listAll(now, this.#self, kind, namespace), answer));
  }
}

/** A document asks some ten questions, most of them several times. */
function remembered(asked: Asked[], kind: KindId, name: string, namespace: string | undefined, ask: () => KubeObject | null | undefined): KubeObject | null | undefined {
  const known = asked.find((each) => each.name === name && each.kind === kind && each.namespace === namespace);
  if (known) {
    return known.answer;
  }
  const answer = ask();
  asked.push({ kind, name, namespace, answer });
  return answer;
}

function lookUp(surroundings: Surroundings, self: Manifest, kind: KindId, name: string, namespace: string | undefined): KubeObject | null | undefined {
  const live = liveObject(surroundings, kind, name, namespace);
  return live ?? surroundings.workspace.named(kind, name, namespace).find(({ manifest }) => manifest !== self)?.object ?? live;
}

/** The object in the cluster, or how it was last known; `null` only while the cluster itself says that there is none. */
export function liveObject({ view }: Pick<Surroundings, 'view'>, kind: KindId, name: string, namespace: string | undefined): KubeObject | null | undefined {
  // Kinds that only the platform's rules ask for are asked for as they are: with a namespace or without.
  const isNamespaced = knownKind(kind)?.namespaced ?? namespace !== undefined;
  const found = isNamespaced && namespace === undefined ? undefined : view?.get(kind, name, isNamespaced ? namespace : undefined);
  return found ?? (view && isStale(view, kind) ? undefined : found);
}

/** Whether what is known of a kind is only what was known before the connection was lost: since then anything may have been created. */
export function isStale(view: ClusterView, kind: KindId): boolean {
  return view.state(kind).phase === 'stale';
}

function listAll({ view, workspace }: Surroundings, self: Manifest, kind: KindId, namespace: string | undefined): readonly KubeObject[] | undefined {
  const live = view?.list(kind, namespace);
  if (!live || (view && isStale(view, kind))) {
    return undefined;
  }
  const planned = workspace.list(kind, namespace).filter(({ manifest, object }) => manifest !== self && !view?.get(kind, object.metadata.name, object.metadata.namespace ?? namespace));
  return planned.length === 0 ? live : [...live, ...planned.map(({ object }) => object)];
}

function sameList(a: readonly KubeObject[] | undefined, b: readonly KubeObject[] | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && a.length === b.length && a.every((item, index) => item === b[index]));
}
