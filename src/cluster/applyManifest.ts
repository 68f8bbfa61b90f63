import { t } from '@vscode/l10n';
import type { KubeObject } from '../domain/kubeObject';
import { changesBetween, takenBack, writtenPart } from '../domain/manifestChange';
import type { KubeApi, Resource } from './api';
import { ClusterError } from './errors';
import { pathOf } from './paths';

/** Whose fields those of applied manifests are, in `managedFields`. */
export const fieldManager = 'dvp-vscode';

type Asked = Pick<KubeApi, 'request' | 'patch'>;

/** Who writes more often than that does so all the time. */
const mostAttempts = 5;

export interface AppliedManifest {
  readonly resource: Resource;
  readonly name: string;
  readonly namespace: string | undefined;
  /** One document, sent as it is written: the server reads YAML better than anybody else. */
  readonly text: string;
}

export interface ApplyOptions {
  readonly dryRun: boolean;
  /** Takes the fields that others own. */
  readonly force: boolean;
  readonly signal: AbortSignal;
}

export interface ApplyAnswer {
  readonly object: KubeObject;
  /** What the server and the platform say besides. */
  readonly warnings: readonly string[];
}

/** What applying would do. */
export interface TriedApply {
  /** As it is stored; `undefined` when the manifest would create it. */
  readonly before: KubeObject | undefined;
  readonly answer: ApplyAnswer;
}

/** A field that somebody else has set and that a manifest would change. */
export interface FieldConflict {
  readonly manager: string;
  readonly field: string;
}

/** Server-side apply with strict field validation. Throws `ClusterError`; see {@link conflictsOf}. */
export async function applyManifest(api: Asked, { resource, name, namespace, text }: AppliedManifest, { dryRun, force, signal }: ApplyOptions): Promise<ApplyAnswer> {
  const warnings: string[] = [];
  const object = await api.patch(resource, { name, namespace }, text, { type: 'apply', fieldManager, fieldValidation: 'Strict', dryRun, force: force || undefined, signal, onWarning: (warning) => warnings.push(warning) });
  return { object, warnings };
}

/** As `applyManifest`, without storing anything. Both objects are of one moment: what others write between the two requests is no change by the manifest. */
export async function tryManifest(api: Asked, asked: AppliedManifest, { force, signal }: Omit<ApplyOptions, 'dryRun'>): Promise<TriedApply> {
  for (let attempt = 1; ; attempt++) {
    const before = await storedObject(api, asked, signal);
    const answer = await applyManifest(api, asked, { dryRun: true, force, signal });
    // A dry run answers with the version that it would have changed.
    if (answer.object.metadata.resourceVersion === before?.metadata.resourceVersion || attempt === mostAttempts) {
      return { before, answer };
    }
  }
}

/** The object as it is stored, nothing left out; `undefined` when there is none. */
export async function storedObject(api: Asked, { resource, name, namespace }: AppliedManifest, signal: AbortSignal): Promise<KubeObject | undefined> {
  try {
    return await api.request<KubeObject>('GET', pathOf(resource, { name, namespace }), { signal });
  } catch (error) {
    if (error instanceof ClusterError && error.reason === 'notFound') {
      return undefined;
    }
    throw error;
  }
}

/** Takes back what an apply did: its changes, or the object that it created. Throws a `ClusterError` of reason `conflict` where somebody has changed these fields since. */
export async function undoApply(api: KubeApi, asked: AppliedManifest, before: KubeObject | undefined, applied: KubeObject, signal: AbortSignal): Promise<void> {
  const { resource, name, namespace } = asked;
  if (!before) {
    await api.delete(resource, { name, namespace }, { uid: applied.metadata.uid, signal });
    return;
  }
  const now = await storedObject(api, asked, signal);
  const object = now?.metadata.uid === applied.metadata.uid ? now && takenBack(now, changesBetween(writtenPart(before), writtenPart(applied))) : undefined;
  if (!object) {
    throw new ClusterError('conflict', t('{0} "{1}" has been changed since. Nothing was taken back.', applied.kind, name));
  }
  await api.replace(resource, object, { fieldManager, signal });
}

/** Who owns which field that an apply would have changed; empty for any other failure. */
export function conflictsOf(error: unknown): readonly FieldConflict[] {
  const causes = error instanceof ClusterError && error.status?.code === 409 ? error.status.details?.causes ?? [] : [];
  return causes.filter(({ reason }) => reason === 'FieldManagerConflict')
    .map(({ field = '', message = '' }) => ({ field: field.replace(/^\./, ''), manager: /"((?:[^"\\]|\\.)*)"/.exec(message)?.[1] ?? message }));
}
