import { t } from '@vscode/l10n';
import { CancellationError, type QuickPickItem, window } from 'vscode';
import type { Grouping, TreeSort } from '../domain/treeNode';
import type { Clusters } from './clusters';
import type { ViewOptions } from './viewOptions';

interface Choice<T> extends QuickPickItem {
  readonly value: T;
}

export async function chooseGrouping(options: ViewOptions, clusters: Clusters): Promise<void> {
  const { groupBy } = options.current;
  const choices: Choice<Grouping | 'label'>[] = [
    { label: t('Namespace'), value: 'namespace' },
    { label: t('Node'), value: 'node' },
    { label: t('Class'), value: 'class' },
    { label: t('Phase'), value: 'phase' },
    { label: t('Label…'), value: 'label', ...(typeof groupBy === 'object' ? { description: groupBy.label } : {}) },
    { label: t('No groups'), value: 'none' },
  ];
  const current = typeof groupBy === 'object' ? 'label' : groupBy;
  const chosen = await choose(t('Group machines by'), choices, current);
  options.set({ groupBy: chosen === 'label' ? { label: await chooseLabel(clusters) } : chosen });
}

export async function chooseSort(options: ViewOptions): Promise<void> {
  const choices: Choice<TreeSort>[] = [
    { label: t('What is unwell first'), value: 'health' },
    { label: t('Name'), value: 'name' },
    { label: t('Newest first'), value: 'age' },
    { label: t('Node'), value: 'node' },
  ];
  options.set({ sort: await choose(t('Sort by'), choices, options.current.sort) });
}

/** The tree follows while the user types; Escape brings the old filter back. */
export async function typeFilter(options: ViewOptions): Promise<void> {
  const before = options.current.filter;
  const input = window.createInputBox();
  input.title = t('Filter');
  input.placeholder = t('Words in the name, node, address, class, phase or labels');
  input.value = before;
  const accepted = await new Promise<boolean>((resolve) => {
    input.onDidChangeValue((filter) => options.set({ filter }, false));
    input.onDidAccept(() => resolve(true));
    input.onDidHide(() => resolve(false));
    input.show();
  });
  options.set({ filter: accepted ? input.value.trim() : before });
  input.dispose();
}

/** Label keys of the machines of all connected clusters, most frequent first. */
async function chooseLabel(clusters: Clusters): Promise<string> {
  const counts = new Map<string, number>();
  for (const { view } of clusters.sessions) {
    for (const machine of view.list('VirtualMachine') ?? []) {
      for (const key of Object.keys(machine.metadata.labels ?? {})) {
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
    }
  }
  const choices = [...counts].sort(([, a], [, b]) => b - a).map(([value, count]) => ({ label: value, description: t('{0} machines', count), value }));
  if (choices.length > 0) {
    return choose(t('Group machines by label'), choices, undefined);
  }
  const typed = await window.showInputBox({ title: t('Group machines by label'), prompt: t('Key of the label'), validateInput: (text) => (text.trim() ? undefined : t('A label has a key.')) });
  if (typed === undefined) {
    throw new CancellationError();
  }
  return typed.trim();
}

async function choose<T>(title: string, choices: readonly Choice<T>[], current: T | undefined): Promise<T> {
  const items = choices.map((choice) => (choice.value === current ? { ...choice, label: `$(check) ${choice.label}` } : choice));
  const chosen = await window.showQuickPick(items, { title });
  if (!chosen) {
    throw new CancellationError();
  }
  return chosen.value;
}
