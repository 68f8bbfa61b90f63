import { t } from '@vscode/l10n';
import { CancellationError, type QuickPickItem, window } from 'vscode';
import { isAsked, nodeOf } from '../domain/evacuationRow';
import type { Clusters } from './clusters';
import { UserError } from './report';
import type { Target } from './target';

/** Lets the user choose a node of the current context, or all of them. Throws when the choice is left. */
export async function pickNode(clusters: Clusters): Promise<Target> {
  const session = clusters.current && clusters.session(clusters.current.id);
  if (!session) {
    throw new UserError(t('No cluster is connected.'), [{ title: t('Select context'), command: 'dvp.context.select' }]);
  }
  const counts = new Map<string, { machines: number; leaving: number }>();
  for (const machine of session.view.list('VirtualMachine') ?? []) {
    const node = nodeOf(machine);
    if (node !== undefined) {
      const { machines, leaving } = counts.get(node) ?? { machines: 0, leaving: 0 };
      counts.set(node, { machines: machines + 1, leaving: leaving + (isAsked(machine) ? 1 : 0) });
    }
  }
  const nodes = [...counts].sort(([a, one], [b, other]) => other.leaving - one.leaving || (a < b ? -1 : 1)).map(([name, { machines, leaving }]): QuickPickItem & { readonly name: string } => ({
    label: `$(server) ${name}`, name, description: leaving > 0 ? t('machines: {0}, to leave: {1}', machines, leaving) : t('machines: {0}', machines),
  }));
  const chosen = await window.showQuickPick([{ label: `$(server-environment) ${t('All nodes')}`, name: '', description: t('Every migration in "{0}"', session.context.name) }, ...nodes], {
    title: t('Show migrations and evacuation'), placeHolder: t('Choose a node'), matchOnDescription: true,
  });
  if (!chosen) {
    throw new CancellationError();
  }
  return { context: session.context.id, kind: 'Node', name: chosen.name };
}
