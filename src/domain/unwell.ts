import { t } from '@vscode/l10n';
import { type Attention, attentionOf } from './attention';
import type { KindId } from './kind';
import type { KubeObject } from './kubeObject';
import { grouped, selected } from './selection';
import { groupingOf } from './tree';
import type { TreeContext, TreeInput } from './treeNode';

interface Unwell {
  readonly failed: readonly KubeObject[];
  readonly warned: readonly KubeObject[];
}

/** What needs attention stays the same list until something in it may have changed, so what is sorted out of it is kept with it. */
const found = new WeakMap<readonly Attention[], Map<KindId, Unwell>>();

/** What a folded row says of the unwell objects of a kind inside, e.g. `1 failed`; of one group when `group` is given. Looks only at what needs attention. */
export function unwellTexts(kind: KindId, group: string | undefined, context: TreeContext, input: TreeInput): readonly string[] {
  const { failed, warned } = unwellOf(kind, context, input);
  const counts = [failed, warned].map((objects) => shownOf(objects, kind, group, context, input));
  return [counts[0] ? t('{0} failed', counts[0]) : undefined, counts[1] ? t('{0} with warnings', counts[1]) : undefined].filter((text) => text !== undefined);
}

/** Warnings count for machines only: of other kinds they come and go. */
function unwellOf(kind: KindId, { view }: TreeContext, { nowMs }: TreeInput): Unwell {
  const items = view ? attentionOf(view, nowMs) : [];
  const known = found.get(items) ?? new Map<KindId, Unwell>();
  found.set(items, known);
  const unwell = known.get(kind) ?? {
    failed: items.filter((item) => item.kind === kind && item.severity === 'failed').map(({ object }) => object),
    warned: kind === 'VirtualMachine' ? items.filter((item) => item.kind === kind && item.severity === 'warning').map(({ object }) => object) : [],
  };
  known.set(kind, unwell);
  return unwell;
}

function shownOf(objects: readonly KubeObject[], kind: KindId, group: string | undefined, context: TreeContext, input: TreeInput): number {
  if (objects.length === 0) {
    return 0;
  }
  const shown = selected(objects, { filter: input.options.filter, namespaces: context.namespaces });
  const groupBy = groupingOf(kind, context, input);
  return group === undefined || groupBy === 'none' ? shown.length : grouped(shown, groupBy).get(group)?.length ?? 0;
}
