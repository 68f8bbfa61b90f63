import { t } from '@vscode/l10n';
import { CancellationError, ProgressLocation, window } from 'vscode';
import { applyManifest, conflictsOf, tryManifest, undoApply, type AppliedManifest, type TriedApply } from '../cluster/applyManifest';
import type { KubeObject } from '../domain/kubeObject';
import { changesBetween, writtenPart, type FieldChange } from '../domain/manifestChange';
import type { ManifestText } from '../language/service';
import type { Clusters, ClusterSession } from './clusters';
import type { ManifestDiffs } from './manifestDiff';
import type { Report } from './report';
import { UserError } from './report';
import { contextSettings } from './settings';
import { servedKind } from './target';

export interface ApplyManifestOptions {
  readonly clusters: Clusters;
  readonly report: Report;
  readonly diffs: ManifestDiffs;
}

/** A manifest with the cluster that it goes to, whatever is chosen meanwhile. */
interface Aimed extends AppliedManifest {
  readonly kind: string;
  readonly session: ClusterSession;
}

/** What applying would do, as far as the cluster says now. */
interface Plan extends TriedApply {
  /** Whether fields of others are taken over. */
  readonly force: boolean;
  readonly changes: readonly FieldChange[] | undefined;
}

/** Lines of changes in a question. */
const linesShown = 12;
const longestValue = 60;

/** Asks the cluster what a manifest would change, then the user, then applies it; offers to take it back. */
export async function apply(manifest: ManifestText, { clusters, report, diffs }: ApplyManifestOptions): Promise<void> {
  const aimed = aim(manifest, clusters);
  const { session, kind, name } = aimed;
  if (contextSettings(session.context.name).readOnly) {
    throw new UserError(t('The context "{0}" is read-only: nothing is applied.', session.context.name), [{ title: t('Open settings'), command: 'dvp.settings.open' }]);
  }
  const plan = async (force: boolean) => inProgress(t('Asking what {0} "{1}" would change', kind, name), (signal) => planned(aimed, force, report, signal));
  let next = await plan(false);
  let shown: Plan | undefined;
  // What is applied is what was shown: whoever changes or deletes the object while the question stands has it asked anew.
  while (!shown || !isSame(shown, next)) {
    const { before, answer, changes } = next;
    if (changes?.length === 0) {
      await report.tell(t('{0} "{1}" in the cluster is as the manifest says. Nothing was changed.', kind, name), { title: t('Show difference'), run: () => diffs.show(name, before, answer.object, manifest.value) });
      return;
    }
    const question = before ? t('Apply the manifest to {0} "{1}"?', kind, name) : t('Create {0} "{1}"?', kind, name);
    const since = shown ? [t('The cluster has changed since the last question.'), ''] : [];
    const agreed = await report.choose(question, [...since, placeOf(aimed), ...linesOf(changes), ...answer.warnings].join('\n'), t('Apply'), t('Show difference'));
    if (agreed === t('Show difference')) {
      await diffs.show(name, before, answer.object, manifest.value);
    }
    if (agreed !== t('Apply')) {
      throw new CancellationError();
    }
    shown = next;
    next = await plan(shown.force);
  }
  const { before, force } = shown;
  const { object } = await inProgress(t('Applying {0} "{1}"', kind, name), (signal) => applyManifest(session.api, aimed, { dryRun: false, force, signal }));
  const done = before ? t('{0} "{1}" was changed. {2}', kind, name, placeOf(aimed)) : t('{0} "{1}" was created. {2}', kind, name, placeOf(aimed));
  // Nobody has to answer before the command is over.
  void report.tell(done, { title: t('Undo'), run: () => report.run(t('Undo'), () => undo(aimed, before, object, report)) });
}

/** Shows what applying a manifest would change, beside the object as it is. */
export async function diff(manifest: ManifestText, { clusters, diffs }: ApplyManifestOptions): Promise<void> {
  const aimed = aim(manifest, clusters);
  const title = t('Asking what {0} "{1}" would change', aimed.kind, aimed.name);
  const { before, answer } = await inProgress(title, (signal) => tryManifest(aimed.session.api, aimed, { force: true, signal }));
  await diffs.show(aimed.name, before, answer.object, manifest.value);
}

function aim({ id, kind, version, name, namespace, text }: ManifestText, clusters: Clusters): Aimed {
  const { current } = clusters;
  const session = current && clusters.session(current.id);
  if (!session) {
    throw new UserError(t('No cluster is connected that the manifest could be applied to.'), [{ title: t('Select context'), command: 'dvp.context.select' }]);
  }
  const served = servedKind(session, id);
  if (!served) {
    throw new UserError(t('The context "{0}" does not serve the kind "{1}".', session.context.name, kind));
  }
  return { session, kind, name, text, resource: { ...served, version }, namespace: served.namespaced ? namespace ?? session.context.namespace : undefined };
}

/** What is there, and what would be. Unless it is to take fields of others anyway, asks before it does. */
async function planned(aimed: Aimed, force: boolean, report: Report, signal: AbortSignal): Promise<Plan> {
  const tried = async (takes: boolean): Promise<Plan> => {
    const { before, answer } = await tryManifest(aimed.session.api, aimed, { force: takes, signal });
    return { before, force: takes, answer, changes: before && changesBetween(writtenPart(before), writtenPart(answer.object)) };
  };
  try {
    return await tried(force);
  } catch (error) {
    const conflicts = conflictsOf(error);
    if (conflicts.length === 0) {
      throw error;
    }
    const owners = conflicts.map(({ field, manager }) => `${field}: ${manager}`);
    const question = t('Fields of {0} "{1}" are set by somebody else. Take them over?', aimed.kind, aimed.name);
    if (!(await report.confirm(question, [...shortened(owners), '', t('Who set them may set them again.')].join('\n'), t('Take over')))) {
      throw new CancellationError();
    }
    return tried(true);
  }
}

function isSame(one: Plan, other: Plan): boolean {
  return one.force === other.force && one.before?.metadata.uid === other.before?.metadata.uid && JSON.stringify(one.changes) === JSON.stringify(other.changes);
}

async function undo(aimed: Aimed, before: KubeObject | undefined, applied: KubeObject, report: Report): Promise<void> {
  const { session, kind, name } = aimed;
  if (!before && !(await report.confirm(t('Delete {0} "{1}" again?', kind, name), placeOf(aimed), t('Delete')))) {
    throw new CancellationError();
  }
  await undoApply(session.api, aimed, before, applied, new AbortController().signal);
}

function placeOf({ session, namespace }: Aimed): string {
  return namespace === undefined ? t('Context "{0}".', session.context.name) : t('Namespace "{0}", context "{1}".', namespace, session.context.name);
}

function linesOf(changes: readonly FieldChange[] | undefined): readonly string[] {
  return changes ? ['', ...shortened(changes.map(({ path, before, after }) => `${path.join('.')}: ${shown(before)} → ${shown(after)}`))] : [];
}

function shortened(lines: readonly string[]): readonly string[] {
  return lines.length <= linesShown ? lines : [...lines.slice(0, linesShown - 1), t('and {0} more', lines.length - linesShown + 1)];
}

function shown(value: unknown): string {
  const text = value === undefined ? '–' : typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > longestValue || text.includes('\n') ? `${text.split('\n', 1)[0]?.slice(0, longestValue) ?? ''}…` : text;
}

/** In the status bar: these requests are over before a notification would be read, and have a time limit of their own. */
async function inProgress<T>(title: string, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  return window.withProgress({ location: ProgressLocation.Window, title }, async () => run(new AbortController().signal));
}
