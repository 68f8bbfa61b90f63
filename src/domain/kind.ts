import type { OperationId } from './operations';

/** The platform's API group. */
export const platformGroup = 'virtualization.deckhouse.io';

/** The platform's kinds. Adding a name here makes the compiler ask for its descriptor in `kinds/index.ts`. */
export type KindName =
  | 'VirtualMachine' | 'VirtualDisk' | 'VirtualImage' | 'ClusterVirtualImage' | 'VirtualMachineClass'
  | 'VirtualMachineOperation' | 'VirtualMachineBlockDeviceAttachment'
  | 'VirtualDiskSnapshot' | 'VirtualMachineSnapshot' | 'VirtualMachineSnapshotOperation' | 'VirtualMachineRestore'
  | 'VirtualMachineIPAddress' | 'VirtualMachineIPAddressLease' | 'VirtualMachineMACAddress' | 'VirtualMachineMACAddressLease'
  | 'VirtualMachinePool' | 'USBDevice' | 'NodeUSBDevice';

/** Kinds of others, mostly Kubernetes' own, that the platform's objects refer to or are explained by. Watched only while something looks at them. */
export type CompanionName = 'Namespace' | 'Node' | 'Pod' | 'Event' | 'Secret' | 'Service' | 'StorageClass' | 'PersistentVolumeClaim' | 'ModuleConfig' | 'ServiceCIDR';

/**
 * Names a kind everywhere: the bare name for the platform's kinds and the companions, `Kind.group` for any other
 * (`Widget.example.org`). Made by `kindId` in `kinds/index.ts`.
 */
export type KindId = KindName | CompanionName | (string & {});

/** How an object is doing. `unknown`: no phase yet, or one that nobody has heard of. */
export type Health = 'ok' | 'busy' | 'warning' | 'failed' | 'off' | 'unknown';

/**
 * A field that names another object. Drives completion, hover, definition, the missing-object rule,
 * the tree and the store's reverse index (`ClusterView.referring`).
 */
export interface Reference {
  /** Dotted path of the name; `[]` stands for every element of a list, e.g. `spec.blockDeviceRefs[].name`. Below `status` the platform says it, not the user. */
  readonly path: string;
  /** The kind it names; or where a sibling field of the name says it, e.g. `{ field: 'kind' }` with the kinds it may hold. */
  readonly to: KindId | { readonly field: string; readonly kinds: readonly KindId[] };
  /** Sibling field that holds the namespace; absent, or the field empty: the object's own. */
  readonly namespaceField?: string;
}

/** What a condition means and what to do about it, in a person's words: English, translated by `t` where it is shown. */
export interface ConditionHelp {
  /** The status that is good; `absent`: the condition exists only while something is wrong or special. */
  readonly good: 'True' | 'False' | 'absent' | 'any';
  /** One sentence: what the condition says. */
  readonly meaning: string;
  /** By reason. A reason that is not here shows the platform's message alone. */
  readonly reasons?: Readonly<Record<string, ReasonHelp>>;
}

export interface ReasonHelp {
  /** One sentence: what it says about the object. */
  readonly meaning: string;
  /** One sentence: what to do next; absent when there is nothing to do. */
  readonly next?: string;
  /** The same in about five words, lower case, for a line of the tree. */
  readonly brief?: string;
  /** How the object is at least doing while this is so; absent: its phase alone tells. */
  readonly health?: Health;
}

/** Everything the extension knows about one kind. A field here serves at least two features. */
export interface Kind {
  readonly id: KindId;
  /** As in manifests, e.g. `VirtualMachine`. */
  readonly name: string;
  readonly group: string;
  /** Versions it has existed in, newest first; which one is used is the cluster's discovery's choice. */
  readonly versions: readonly string[];
  readonly plural: string;
  readonly shortNames: readonly string[];
  readonly namespaced: boolean;
  /** Label of its group in the tree, plural, e.g. `Machines`. */
  readonly title: string;
  /** Codicon id. */
  readonly icon: string;
  readonly references: readonly Reference[];
  readonly operations: readonly OperationId[];
  /** Every phase of `status.phase`; an unlisted phase is shown verbatim and is `unknown`. Empty for kinds without phases. */
  readonly phases: Readonly<Record<string, Health>>;
  readonly conditions: Readonly<Record<string, ConditionHelp>>;
}
