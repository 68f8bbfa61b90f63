import type { ClusterView } from './clusterView';
import type { KubeObject } from './kubeObject';

/** What is sent to the cluster. `delete` carries the uid, so that a namesake created meanwhile is never hit. */
export type OperationRequest =
  | { readonly verb: 'create'; readonly object: KubeObject }
  | { readonly verb: 'patch'; readonly object: KubeObject; readonly patch: Readonly<Record<string, unknown>> }
  | { readonly verb: 'delete'; readonly object: KubeObject };

/** `true`, or why not: a whole sentence for a person. */
export type Applicability = true | { readonly because: string };

/** What a user can do to an object. One entry in `operations` is a command, its menu item, its enablement and its request. */
export interface Operation {
  /** A verb, e.g. `Start`. */
  readonly title: string;
  /** Codicon id. */
  readonly icon: string;
  /** Menu group: power, move, protect, delete, … */
  readonly group: 'power' | 'move' | 'change' | 'protect' | 'delete';
  /** Asked in a modal first; says the consequence in a sentence. Absent for harmless operations. */
  readonly confirm?: (object: KubeObject) => string;
  applies(object: KubeObject, view: ClusterView): Applicability;
  /** `unique`: five random characters for the name of what it creates, so that a repeated request is recognised. */
  request(object: KubeObject, unique: string, view: ClusterView): OperationRequest;
}

export const operations = {} as const satisfies Record<string, Operation>;

/** `<noun>.<verb>`; the command is `dvp.` + id. */
export type OperationId = keyof typeof operations;
