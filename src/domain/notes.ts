import { t } from '@vscode/l10n';
import type { ConnectionState } from './clusterView';
import { knownKind } from './kinds/index';
import type { KindId } from './kind';
import type { Problem, ProblemReason } from './problem';
import type { Note, TreeContext, TreeInput } from './treeNode';

/** A failure as one line; the whole story is in its detail. */
export function problemNote(problem: Problem): Note {
  const detail = [problem.message, problem.hint].filter(Boolean).join('\n\n');
  return { kind: 'problem', text: problemBrief(problem.reason), detail, action: { title: t('Try again'), do: 'retry' } };
}

/** Why there is no connection: the cause itself, since the row of the context says in a few words that there is none. */
export function connectionNote({ problem, retryAtMs }: Extract<ConnectionState, { readonly problem: Problem }>): Note {
  return { ...problemNote(problem), text: problem.message.replace(/\.$/, ''), ...(retryAtMs !== undefined && { retryAtMs }) };
}

/** Said after the objects of a kind when the user may list some namespaces only. */
export function partialNote(namespaces: readonly string[] | undefined, problem: Problem): Note {
  return {
    kind: 'partial',
    text: t('Only namespaces that you may list: {0}', namespaces?.join(', ') || t('none')),
    detail: [problem.message, problem.hint].filter(Boolean).join('\n\n'),
  };
}

/** Why a kind has nothing to show, with the way out. */
export function emptyNote(kind: KindId, { view, namespaces }: TreeContext, { options }: TreeInput): Note {
  const all = view?.list(kind)?.length ?? 0;
  const title = t(knownKind(kind)?.title ?? kind);
  if (all > 0) {
    return options.filter.trim() !== ''
      ? { kind: 'empty', text: t('None of {0} matches "{1}".', all, options.filter.trim()), action: { title: t('Clear filter'), do: 'clearFilter' } }
      : { kind: 'empty', text: t('None in {0}; {1} in other namespaces.', namespaces?.join(', ') ?? '', all), action: { title: t('Clear filter'), do: 'clearFilter' } };
  }
  return canBeCreated(kind)
    ? { kind: 'empty', text: t('No {0} yet.', inSentence(title)), action: { title: t('Create'), do: 'create' } }
    : { kind: 'empty', text: t('No {0}.', inSentence(title)) };
}

/** A failure in a few words, for lines of the tree. */
export function problemBrief(reason: ProblemReason): string {
  switch (reason) {
    case 'credentials': return t('No credentials for this cluster');
    case 'unauthorized': return t('The cluster does not accept the credentials');
    case 'forbidden': return t('You may not look at this');
    case 'denied': return t('Refused by the cluster');
    case 'notFound': return t('Not found');
    case 'notServed': return t('The cluster does not serve this');
    case 'tls': return t('The certificate of the cluster is not trusted');
    case 'proxy': return t('The proxy does not let the connection through');
    case 'unreachable': return t('The cluster cannot be reached');
    case 'timeout': return t('The cluster does not answer in time');
    case 'throttled': return t('The cluster asks to wait');
    case 'server': return t('The cluster answers with an error');
    case 'configuration': return t('The kubeconfig cannot be used');
    case 'alreadyExists':
    case 'conflict':
    case 'gone':
    case 'invalid':
    case 'readOnly': return t('The cluster answers with an error');
  }
}

function canBeCreated(kind: KindId): boolean {
  return !['VirtualMachineIPAddressLease', 'VirtualMachineMACAddressLease', 'USBDevice', 'NodeUSBDevice'].includes(kind);
}

/** A title inside a sentence: `disk snapshots`, but `IP addresses`. */
function inSentence(title: string): string {
  return /^.[a-zа-яё]/u.test(title) ? title.slice(0, 1).toLowerCase() + title.slice(1) : title;
}
