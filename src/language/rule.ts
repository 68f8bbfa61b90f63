import type { KubeObject } from '../domain/kubeObject';
import type { KindId } from '../domain/kind';
import type { Path } from '../domain/values';
import type { JsonObject } from './prune';

/** Releases of the virtualization module whose admission differs: today's, and the user guide's. */
export type ModuleGeneration = '1.10' | '0.17';

/** What the rules may know about a cluster. `undefined` is "not known", and a rule that needs it then says nothing. */
export interface Facts {
  /** `null` when there is no such object. */
  get(kind: KindId, name: string, namespace?: string): KubeObject | null | undefined;
  list(kind: KindId, namespace?: string): readonly KubeObject[] | undefined;
  readonly settings: ModuleSettings;
}

/** Settings of the module and the edition; each absent while not known. */
export interface ModuleSettings {
  readonly edition?: 'CE' | 'EE';
  /** Whether additional networks are enabled. */
  readonly sdn?: boolean;
  /** Whether the cluster can attach USB devices (Kubernetes 1.34 with its gates, edition EE). */
  readonly usb?: boolean;
  /** `virtualMachineCIDRs`. */
  readonly addressRanges?: readonly string[];
  /** `podSubnetCIDR` of the cluster's own configuration. */
  readonly podRange?: string;
  /** `serviceSubnetCIDR` of the cluster's own configuration. */
  readonly serviceRange?: string;
  /** The module's own default storage class for disks; an empty text when there is none. */
  readonly defaultDiskClass?: string;
  readonly defaultImageClass?: string;
  /** Epoch; needed where ages are compared. */
  readonly nowMs?: number;
}

/** Nothing is known: rules decide by the file alone. */
export const noFacts: Facts = { get: () => undefined, list: () => undefined, settings: {} };

/** A request as the admission sees it, after defaults. */
export interface Situation {
  readonly object: JsonObject;
  /** The stored object, on update. */
  readonly before: JsonObject | undefined;
  readonly facts: Facts;
}

/** What the platform says; the texts are its own. `code` of a denial: 403 unless given. */
export type Outcome =
  | { readonly deny: string; readonly path: Path; readonly code?: 400 | 404 }
  | { readonly warn: string; readonly path: Path };

/** One check of the platform's admission, pure: the same situation, the same outcomes. */
export interface AdmissionRule {
  /** `platform/name`, shown to people and used in settings; never renamed. */
  readonly code: `platform/${string}`;
  readonly check: (situation: Situation) => Iterable<Outcome>;
}
