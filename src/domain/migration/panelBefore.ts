import { t } from '@vscode/l10n';
import type { Before, Obstacle } from './before';
import type { NodeVerdict } from './nodes';
import type { BeforeView } from '../../protocol/migration';

/** Whether and where a machine can go, in words. */
export function beforeView({ isPossible, obstacles, nodes, policy }: Before): BeforeView {
  const isBlocked = obstacles.some(({ severity }) => severity === 'blocks');
  return {
    title: isBlocked ? (isPossible ? t('It would probably fail') : t('It cannot migrate now')) : obstacles.some(({ severity }) => severity === 'unknown') ? t('It can migrate, as far as can be seen') : t('It can migrate'),
    policy: [`${policy.name}.`, policy.text].filter(Boolean).join(' '),
    obstacles: obstacles.map(({ severity, text, next, action }) => ({ severity, mark: markOf(severity), text: [text, next].filter(Boolean).join(' '), action: action?.label })),
    nodesTitle: t('Where it could go'),
    nodesNote: [nodes.why, nodes.source === 'class' ? t('These are the nodes of the machine\'s class; what is free on them is not known.') : nodes.source === 'nodes' ? t('As far as can be seen from here; the scheduler of the cluster decides.') : ''].filter(Boolean).join(' '),
    nodes: nodes.nodes.map(({ name, verdict, because }) => ({ name, verdict, text: because.length > 0 ? because.join(' ') : verdictText(verdict) })),
  };
}

function markOf(severity: Obstacle['severity']): string {
  switch (severity) {
    case 'blocks': return t('Blocks');
    case 'unknown': return t('Not known');
    case 'info': return t('Worth knowing');
  }
}

function verdictText(verdict: NodeVerdict['verdict']): string {
  switch (verdict) {
    case 'possible': return t('Nothing speaks against it.');
    case 'impossible': return t('Not possible now');
    case 'unknown': return t('Not known');
    case 'current': return t('The machine is here.');
  }
}
