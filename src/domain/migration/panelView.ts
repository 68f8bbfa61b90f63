import { t } from '@vscode/l10n';
import { formatDuration } from '../age';
import type { ClusterView } from '../clusterView';
import { conditionOf, type KubeObject, phaseOf } from '../kubeObject';
import { beforeMigration } from './before';
import { isOver, type Migration, migrationOf, type MigrationState, stateText } from './migration';
import { forceApplies } from './policy';
import { hasEnded, type MigrationRecord } from './record';
import { elapsedOf } from './timeline';
import { operations } from '../operations';
import { hasMigrate } from '../operations/machineOperation';
import { progressText } from '../summary';
import type { HistoryLine, MigrationAction, MigrationView, Notice, Picture, Progress, Tone } from '../../protocol/migration';
import { beforeView } from './panelBefore';
import { factsOf } from './panelFacts';
import { stepsOf } from './panelSteps';

export interface ViewInput {
  readonly name: string;
  readonly namespace: string;
  /** Name of the context; `undefined`: it is in no kubeconfig any more. */
  readonly context: string | undefined;
  /** `undefined`: not connected. */
  readonly view: ClusterView | undefined;
  /** Of this machine name, newest first. */
  readonly records: readonly MigrationRecord[];
  /** Uid of the one to show; `undefined`: the newest. */
  readonly selected: string | undefined;
  readonly isMine: (record: MigrationRecord) => boolean;
  readonly isReadOnly: boolean;
  readonly nowMs: number;
}

/** The migration that a panel shows. */
export function shownRecord({ records, selected }: Pick<ViewInput, 'records' | 'selected'>): MigrationRecord | undefined {
  return records.find(({ uid }) => uid === selected) ?? records[0];
}

/** Everything that a panel says about a machine and its migration. */
export function migrationView(input: ViewInput): MigrationView {
  const { view, name, namespace, nowMs } = input;
  const machine = view?.get('VirtualMachine', name, namespace || undefined);
  const record = shownRecord(input);
  const migration = record && migrationOf(record, nowMs);
  const isOfOther = record?.machineUid !== undefined && machine?.metadata.uid !== undefined && machine.metadata.uid !== record.machineUid;
  const before = view && machine && (!migration || isOver(migration)) ? beforeMigration(machine, view) : undefined;
  return {
    title: name, place: [namespace, input.context].filter(Boolean).join(' · '),
    notices: notices(input, machine, record, isOfOther),
    ...headOf(migration, machine, view),
    picture: migration && pictureOf(migration, view), progress: migration && progressOf(migration),
    steps: migration ? stepsOf(migration) : [],
    facts: migration ? factsOf(migration, input.isMine(migration.record)) : [],
    fallBacks: migration ? migration.fallBacks.map(({ from, to, because }) => t('{0} % → {1} %: {2}', from, to, because)) : [],
    actions: actionsOf(migration, machine ?? undefined, input), before: before && beforeView(before),
    history: historyOf(input, record),
  };
}

function headOf(migration: Migration | undefined, machine: KubeObject | null | undefined, view: ClusterView | undefined): Pick<MigrationView, 'headline' | 'tone' | 'meaning' | 'next' | 'said'> {
  if (migration) {
    return {
      headline: stateText(migration), tone: migration.state === 'failed' ? 'failed' : toneOf(migration.state), meaning: migration.meaning, next: migration.next ?? '',
      said: [...new Set([migration.message, migration.reason])].filter(Boolean).join(' · '),
    };
  }
  const none = { tone: 'off', next: '', said: '' } as const;
  if (!view) {
    return { ...none, headline: t('Not connected'), meaning: t('The cluster is not connected, so nothing is known.') };
  }
  if (machine === null) {
    return { ...none, headline: t('No such machine'), meaning: t('The machine does not exist in this cluster.') };
  }
  if (!view.list('VirtualMachineOperation')) {
    return { ...none, headline: t('Not known'), meaning: t('Operations cannot be read, so migrations of the machine are not known.') };
  }
  return { ...none, headline: t('Not migrating'), meaning: t('Nothing has been heard of a migration of this machine.') };
}

function toneOf(state: MigrationState): Tone {
  switch (state) {
    case 'completed': return 'ok';
    case 'failed': return 'failed';
    case 'cancelled': case 'superseded': case 'gone': return 'off';
    case 'waiting': case 'running': case 'cancelling': return 'busy';
  }
}

function notices({ view, records, selected, nowMs }: ViewInput, machine: KubeObject | null | undefined, record: MigrationRecord | undefined, isOfOther: boolean): readonly Notice[] {
  const found: Notice[] = [];
  const state = view?.state('VirtualMachineOperation');
  if (!view) {
    found.push({ tone: 'warning', text: t('The cluster is not connected. What is shown is what was heard before.'), action: { intent: 'connect', label: t('Connect'), isPrimary: true } });
  } else if (state?.phase === 'stale') {
    found.push({ tone: 'warning', text: t('Nothing has been heard of the cluster for {0}: {1} The migration goes on without us.', formatDuration(nowMs - state.sinceMs), state.problem.message) });
  }
  if (view && machine === null && record) {
    found.push({ tone: 'warning', text: t('The machine no longer exists.') });
  } else if (isOfOther) {
    found.push({ tone: 'info', text: t('This was a migration of another machine of the same name, which no longer exists.') });
  }
  const newest = records[0];
  if (newest && record && newest.uid !== record.uid && selected !== undefined) {
    found.push({ tone: 'info', text: hasEnded(newest) ? t('This is an earlier migration.') : t('A newer migration goes on.'), action: { intent: 'newest', label: t('Show the newest'), isPrimary: false } });
  }
  if (record && !hasEnded(record) && machine && phaseOf(machine) !== undefined && !['Running', 'Migrating'].includes(phaseOf(machine) ?? '')) {
    found.push({ tone: 'warning', text: t('The machine is {0}: the migration is about to end.', phaseOf(machine) ?? '') });
  }
  for (const node of record && !hasEnded(record) ? [record.source, record.target] : []) {
    const ready = node === undefined ? undefined : conditionOf(view?.get('Node', node) ?? { apiVersion: 'v1', kind: 'Node', metadata: { name: node } }, 'Ready');
    if (ready && ready.status !== 'True') {
      found.push({ tone: 'warning', text: t('The node "{0}" does not answer the cluster.', node ?? '') });
    }
  }
  return found;
}

function pictureOf({ record, state, stage }: Migration, view: ClusterView | undefined): Picture {
  const source = record.source ?? t('unknown');
  const target = record.target ?? (state === 'completed' ? t('unknown') : isOver({ state }) ? t('none was chosen') : t('not chosen yet'));
  const isMoving = (state === 'running' || state === 'waiting') && (stage === 'copying' || stage === 'switching');
  const guestAt = state === 'completed' || stage === 'switching' ? 'target' : 'source';
  const guest = record[guestAt] === undefined ? { note: '', label: t('From {0} to {1}.', source, target) } : guestWords(guestAt, state, source, target);
  const noteOf = (place: typeof guestAt) => {
    const node = record[place];
    return place === guestAt ? guest.note : node !== undefined && view?.get('Node', node) === null ? t('no such node any more') : '';
  };
  return { source, target, isMoving, guestAt, sourceNote: noteOf('source'), targetNote: noteOf('target'), label: guest.label };
}

/** Of a migration that is over nothing is said about now: there may have been others since. */
function guestWords(guestAt: 'source' | 'target', state: Migration['state'], source: string, target: string): { readonly note: string; readonly label: string } {
  if (!isOver({ state })) {
    return { note: t('the guest runs here'), label: t('From {0} to {1}; the guest runs on {2}.', source, target, guestAt === 'source' ? source : target) };
  }
  return guestAt === 'target' ? { note: t('the guest moved here'), label: t('From {0} to {1}; the guest moved to {1}.', source, target) }
    : { note: t('the guest stayed here'), label: t('From {0} to {1}; the guest stayed on {0}.', source, target) };
}

function progressOf({ percent, highest, pace, state, endedIn, record }: Migration): Progress | undefined {
  if (state === 'gone' || record.samples.length === 1 && percent === undefined && hasEnded(record)) {
    return undefined;
  }
  const text = percent === undefined ? (state === 'waiting' || endedIn === 'waiting' ? t('Not begun') : t('The platform does not report percent')) : progressText(`${percent}%`);
  const detail = !pace ? '' : pace.isStalled ? t('What is left does not get less: the guest writes as fast as is copied.')
    : pace.remainingMs === undefined ? t('How long it still takes cannot be told yet.') : t('About {0} left at this pace', formatDuration(Math.max(1000, pace.remainingMs)));
  return { percent: state === 'completed' ? 100 : highest, text, detail: isOver({ state }) ? '' : detail };
}

function actionsOf(migration: Migration | undefined, machine: KubeObject | undefined, { view, isReadOnly }: ViewInput): readonly MigrationAction[] {
  const shown: MigrationAction[] = [];
  const over = !migration || isOver(migration);
  if (!isReadOnly && view && migration && !over && migration.state !== 'cancelling') {
    shown.push({ intent: 'cancel', label: t('Cancel migration'), isPrimary: true });
  }
  if (!isReadOnly && view && machine && over) {
    const isAgain = migration !== undefined && migration.state !== 'completed';
    const wantsForce = migration?.reason === 'NotConverging' && forceApplies(machine) === true;
    if (operations[hasMigrate(view) ? 'vm.migrate' : 'vm.evict'].applies(machine, view) === true) {
      shown.push({ intent: 'migrate', label: !hasMigrate(view) ? t('Evict') : isAgain ? t('Migrate again') : t('Migrate'), isPrimary: !wantsForce });
    }
    if (operations['vm.migrateTo'].applies(machine, view) === true) {
      shown.push({ intent: 'migrateTo', label: t('Migrate to node…'), isPrimary: false });
    }
    if (operations['vm.forceMigrate'].applies(machine, view) === true) {
      shown.push({ intent: 'forceMigrate', label: t('Migrate (force)'), isPrimary: wantsForce });
    }
  }
  if (machine) {
    shown.push({ intent: 'showMachine', label: t('Describe machine'), isPrimary: false });
  }
  if (view && migration && view.get('VirtualMachineOperation', migration.record.name, migration.record.namespace || undefined)) {
    shown.push({ intent: 'showOperation', label: t('Open operation'), isPrimary: false });
  }
  return shown.sort((a, b) => Number(b.isPrimary) - Number(a.isPrimary));
}

/** As many as people look back at. */
const mostHistory = 20;

function historyOf({ records, nowMs, view }: ViewInput, shown: MigrationRecord | undefined): readonly HistoryLine[] {
  return records.slice(0, mostHistory).map((record) => {
    const migration = migrationOf(record, nowMs);
    const elapsed = elapsedOf(record, nowMs);
    const isKept = view?.get('VirtualMachineOperation', record.name, record.namespace || undefined);
    return {
      uid: record.uid, when: record.server.createdMs === undefined ? record.name : new Date(record.server.createdMs).toLocaleString(),
      way: [record.source ?? t('unknown'), record.target ?? (migration.state === 'completed' ? t('unknown') : undefined)].filter(Boolean).join(' → '),
      result: [stateText(migration), elapsed && isOver(migration) ? durationText(elapsed) : undefined, isKept === null ? t('remembered here only') : undefined].filter(Boolean).join(' · '),
      tone: toneOf(migration.state), isShown: record.uid === shown?.uid,
    };
  });
}

/** `42 s`, or `at least 42 s`. */
export function durationText({ ms, isAtLeast }: { readonly ms: number; readonly isAtLeast: boolean }): string {
  return isAtLeast ? t('at least {0}', formatDuration(ms)) : formatDuration(ms);
}

