import { Uri } from 'vscode';
import { t } from '@vscode/l10n';
import type { ServedKind } from '../domain/clusterView';
import type { KindId } from '../domain/kind';
import type { KubeObject } from '../domain/kubeObject';
import type { ShownNode } from '../domain/shownTree';
import type { ObjectRef } from '../domain/treeNode';
import type { Clusters, ClusterSession } from './clusters';
import { UserError } from './report';

/** An object of one cluster, by name. What commands are called with. */
export interface Target extends ObjectRef {
  /** Id of the context. */
  readonly context: string;
}

/** What a document shows, and as what. */
export interface DocumentTarget extends Target {
  readonly as: DocumentKind;
}

export const objectScheme = 'dvp';

/** Of texts that stand side by side: what is in a cluster, and what a manifest would make of it. */
export const diffScheme = 'dvp-diff';

/** What can be shown of an object in a text editor. */
export type DocumentKind = 'yaml' | 'txt';

/** The document of an object. It names its context, so that it means the same cluster for life. */
export function uriOf({ context, kind, name, namespace }: Target, as: DocumentKind): Uri {
  return Uri.from({ scheme: objectScheme, path: `/${[context, namespace ?? '-', kind, `${name}.${as}`].map(escaped).join('/')}` });
}

/** The opposite of `uriOf`; `undefined` for any other URI. */
export function targetOf(uri: Uri): DocumentTarget | undefined {
  const [context, namespace, kind, file] = uri.path.split('/').slice(1).map(unescaped);
  const [, name, as] = /^(.+)\.(yaml|txt)$/.exec(file ?? '') ?? [];
  if (uri.scheme !== objectScheme || !context || !namespace || !kind || !name) {
    return undefined;
  }
  return { context, kind, name, as: as === 'txt' ? 'txt' : 'yaml', ...(namespace === '-' ? {} : { namespace }) };
}

/** Slashes would split a segment; everything else may stand in a path as it is and reads better so. */
function escaped(segment: string): string {
  return segment.replaceAll('%', '%25').replaceAll('/', '%2F');
}

/** The opposite of `escaped`; anything else stays as it is. */
function unescaped(segment: string): string {
  return segment.replaceAll('%2F', '/').replaceAll('%25', '%');
}

/** The objects among rows, each once. */
export function targetsIn(nodes: readonly ShownNode[]): readonly Target[] {
  const targets = nodes.flatMap(({ node }) => (node.type === 'object' || node.type === 'attentionItem'
    ? [{ context: node.context, kind: node.kind, name: node.name, ...(node.namespace === undefined ? {} : { namespace: node.namespace }) }] : []));
  return [...new Map(targets.map((target) => [uriOf(target, 'yaml').toString(), target])).values()];
}

export interface Found {
  readonly target: Target;
  readonly object: KubeObject;
  readonly session: ClusterSession;
}

/** The object as it is known now. Throws a `UserError` when it is gone or its cluster is not connected. */
export function find(target: Target, clusters: Clusters): Found {
  const session = clusters.session(target.context);
  if (!session) {
    throw new UserError(t('The context "{0}" is not connected.', target.context), [{ title: t('Connect'), command: 'dvp.context.connect', arguments: [target.context] }]);
  }
  const object = session.view.get(target.kind, target.name, target.namespace);
  if (object === null) {
    throw new UserError(t('{0} "{1}" no longer exists in the context "{2}".', target.kind, target.name, session.context.name));
  }
  if (!object) {
    throw new UserError(t('{0} "{1}" is not known yet: its kind has not been listed in the context "{2}".', target.kind, target.name, session.context.name), [{ title: t('Connect again'), command: 'dvp.context.retry', arguments: [target.context] }]);
  }
  return { target, object, session };
}

/** The kind as the cluster serves it; `undefined` when it does not. */
export function servedKind(session: ClusterSession, kind: KindId): ServedKind | undefined {
  return session.view.kinds?.find(({ id }) => id === kind);
}
