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

/** Facts that remember what they were asked, so that an answer can be told from a stale one without asking the checks again. */
export interface RecordedFacts extends Facts {
  /** As `get`, of the cluster alone. */
  live(kind: KindId, name: string, namespace?: string): KubeObject | null | undefined;
  /** Whether everything that was asked has the same answer in these surroundings. */
  isSame(surroundings: Surroundings): boolean;
}

/** The cluster, completed by the manifests of the workspace: what is about to be applied counts as existing. `self` is the document that asks; it does not see itself. */
export function recordedFacts(surroundings: Surroundings, self: Manifest): RecordedFacts {
  const gets = new Map<string, readonly [kind: KindId, name: string, namespace: string | undefined, answer: KubeObject | null | undefined]>();
  const stored = new Map<string, readonly [kind: KindId, name: string, namespace: string | undefined, answer: KubeObject | null | undefined]>();
  const lists = new Map<string, readonly [kind: KindId, namespace: string | undefined, answer: readonly KubeObject[] | undefined]>();
  return {
    settings: surroundings.settings,
    get(kind, name, namespace) {
      const answer = lookUp(surroundings, self, kind, name, namespace);
      gets.set(`${kind} ${namespace ?? ''} ${name}`, [kind, name, namespace, answer]);
      return answer;
    },
    live(kind, name, namespace) {
      const answer = liveObject(surroundings, kind, name, namespace);
      stored.set(`${kind} ${namespace ?? ''} ${name}`, [kind, name, namespace, answer]);
      return answer;
    },
    list(kind, namespace) {
      const answer = listAll(surroundings, self, kind, namespace);
      lists.set(`${kind} ${namespace ?? ''}`, [kind, namespace, answer]);
      return answer;
    },
    isSame(now) {
      if (now.namespace !== surroundings.namespace || now.settings !== surroundings.settings) {
        return false;
      }
      // Asked for every document at every keystroke: nothing is allocated here.
      for (const [kind, name, namespace, answer] of gets.values()) {
        if (lookUp(now, self, kind, name, namespace) !== answer) {
          return false;
        }
      }
      for (const [kind, name, namespace, answer] of stored.values()) {
        if (liveObject(now, kind, name, namespace) !== answer) {
          return false;
        }
      }
      for (const [kind, namespace, answer] of lists.values()) {
        if (!sameList(listAll(now, self, kind, namespace), answer)) {
          return false;
        }
      }
      return true;
    },
  };
}

function lookUp(surroundings: Surroundings, self: Manifest, kind: KindId, name: string, namespace: string | undefined): KubeObject | null | undefined {
  const live = liveObject(surroundings, kind, name, namespace);
  return live ?? surroundings.workspace.named(kind, name, namespace).find(({ manifest }) => manifest !== self)?.object ?? live;
}

function liveObject({ view }: Surroundings, kind: KindId, name: string, namespace: string | undefined): KubeObject | null | undefined {
  // Kinds that only the platform's rules ask for are asked for as they are: with a namespace or without.
  const isNamespaced = knownKind(kind)?.namespaced ?? namespace !== undefined;
  return isNamespaced && namespace === undefined ? undefined : view?.get(kind, name, isNamespaced ? namespace : undefined);
}

function listAll({ view, workspace }: Surroundings, self: Manifest, kind: KindId, namespace: string | undefined): readonly KubeObject[] | undefined {
  const live = view?.list(kind, namespace);
  if (!live) {
    return undefined;
  }
  const planned = workspace.list(kind, namespace).filter(({ manifest, object }) => manifest !== self && !view?.get(kind, object.metadata.name, object.metadata.namespace ?? namespace));
  return planned.length === 0 ? live : [...live, ...planned.map(({ object }) => object)];
}

function sameList(a: readonly KubeObject[] | undefined, b: readonly KubeObject[] | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && a.length === b.length && a.every((item, index) => item === b[index]));
}
