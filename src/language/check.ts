import type { Path } from '../domain/values';
import type { Fix } from './edits';
import type { Identity } from './identity';
import type { Manifest, Range } from './manifest';
import type { JsonObject } from './prune';
import type { Facts } from './rule';
import type { SchemaSource } from './schemaSource';
import type { KindSchema, KindVersion } from './structural';

export type Severity = 'error' | 'warning' | 'information' | 'hint';

/** A document that can be read, with what is known about it. */
export interface Subject {
  readonly manifest: Manifest;
  readonly object: JsonObject;
  readonly identity: Identity;
  /** Where the object goes: what it says itself, else the namespace of the context; `undefined` when nobody says. */
  readonly namespace: string | undefined;
  /** Absent when the source does not know the kind, or not in this version. */
  readonly schema: KindSchema | undefined;
  readonly version: KindVersion | undefined;
  readonly schemas: SchemaSource;
  /** The cluster and the other manifests of the workspace; see {@link Facts} for what `undefined` and `null` mean. */
  readonly facts: Facts;
}

/** What a check has to say about one place. */
export interface Remark {
  readonly path: Path;
  /** Which part of the field is meant; the value unless given. */
  readonly part?: 'key' | 'value';
  /** Given where no path leads there: within the document. */
  readonly range?: Range;
  readonly message: string;
  /** Struck through in the editor. */
  readonly isDeprecated?: boolean;
  /** Made when somebody asks for them; the likeliest first. */
  readonly fixes?: () => readonly Fix[];
}

/**
 * Advice beyond what the API server and the platform's admission say, with its fix. Pure: the same subject, the same remarks.
 * A check that needs facts that are not known says nothing.
 */
export interface Check {
  /** `group/name`, shown to people and used in settings; never renamed. */
  readonly code: string;
  /** Unless settings say otherwise. */
  readonly severity: Severity;
  readonly check: (subject: Subject) => Iterable<Remark>;
}
