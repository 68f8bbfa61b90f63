import type { ClusterView } from './clusterView';
import type { CompanionName } from './kind';
import type { KubeObject } from './kubeObject';
import { deleteObject } from './operations/delete';
import { cancelMigration, evict, forceMigrate, migrate, migrateTo } from './operations/move';
import { forceRestart, forceStop, restart, start, stop } from './operations/power';
import { text } from './text';

/** What is sent to the cluster. `delete` carries the uid, so that a namesake created meanwhile is never hit. */
export type OperationRequest =
  | { readonly verb: 'create'; readonly object: KubeObject }
  | { readonly verb: 'patch'; readonly object: KubeObject; readonly patch: Readonly<Record<string, unknown>> }
  | { readonly verb: 'delete'; readonly object: KubeObject };

/** `true`, or why not: a whole sentence for a person. */
export type Applicability = true | { readonly because: string };

/** What is asked before an operation is sent, once for all objects that it is applied to. */
export interface OperationInput {
  /** Names the answer among those that `request` gets. */
  readonly id: string;
  /** What is asked for; English, translated by `t` where it is shown. */
  readonly title: string;
  /** Kinds that the choices are made of, which are read while it is asked. */
  readonly needs: readonly CompanionName[];
  /** `undefined`: nobody knows them, the answer is typed. */
  choices(objects: readonly KubeObject[], view: ClusterView): readonly InputChoice[] | undefined;
}

export interface InputChoice {
  readonly value: string;
  readonly label: string;
  readonly detail?: string;
  /** Why it cannot be chosen. */
  readonly because?: string;
}

/** By `OperationInput.id`. */
export type Answers = Readonly<Record<string, string>>;

/** What a user can do to an object. One entry in `operations` is a command, its menu item, its enablement and its request. */
export interface Operation {
  /** A verb, e.g. `Start`; English, translated by `t` where it is shown. */
  readonly title: string;
  /** Codicon id. */
  readonly icon: string;
  /** Menu group: power, move, protect, delete, … */
  readonly group: 'power' | 'move' | 'change' | 'protect' | 'delete';
  /** Asked in a modal first; says the consequence in a sentence. Absent for harmless operations. */
  readonly confirm?: (object: KubeObject, answers: Answers) => string;
  readonly inputs?: readonly OperationInput[];
  applies(object: KubeObject, view: ClusterView): Applicability;
  /** What the platform waits for before it takes the request, and what will be over in a moment. */
  waitsFor?(object: KubeObject, view: ClusterView): KubeObject | undefined;
  /** `unique`: five random characters for the name of what it creates, so that a repeated request is recognised. */
  request(object: KubeObject, unique: string, view: ClusterView, answers: Answers): OperationRequest;
  /** The same with the platform's command line, e.g. `d8 v start web-01 -n prod`. */
  command(object: KubeObject): string;
}

/** The only list of operations; `Kind.operations` says which a kind has. The order is that of menus. */
export const operations = {
  'vm.start': { title: text('Start'), icon: 'debug-start', group: 'power', ...start },
  'vm.stop': { title: text('Stop'), icon: 'debug-stop', group: 'power', ...stop },
  'vm.restart': { title: text('Restart'), icon: 'debug-restart', group: 'power', ...restart },
  'vm.forceStop': { title: text('Stop (force)'), icon: 'circle-slash', group: 'power', ...forceStop },
  'vm.forceRestart': { title: text('Restart (force)'), icon: 'debug-restart', group: 'power', ...forceRestart },
  'vm.migrate': { title: text('Migrate'), icon: 'arrow-swap', group: 'move', ...migrate },
  'vm.migrateTo': { title: text('Migrate to node…'), icon: 'arrow-swap', group: 'move', ...migrateTo },
  'vm.forceMigrate': { title: text('Migrate (force)'), icon: 'arrow-swap', group: 'move', ...forceMigrate },
  'vm.evict': { title: text('Evict'), icon: 'arrow-swap', group: 'move', ...evict },
  'vmop.cancel': { title: text('Cancel migration'), icon: 'circle-slash', group: 'move', ...cancelMigration },
  'object.delete': { title: text('Delete'), icon: 'trash', group: 'delete', ...deleteObject },
} as const satisfies Record<string, Operation>;

/** `<noun>.<verb>`; the command is `dvp.` + id. */
export type OperationId = keyof typeof operations;
