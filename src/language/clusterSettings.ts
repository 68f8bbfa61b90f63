import type { ClusterView } from '../domain/clusterView';
import type { KubeObject } from '../domain/kubeObject';
import { listAt, stringAt, valueAt } from '../domain/values';
import type { ModuleSettings } from './rule';

type Config = KubeObject | null | undefined;

const remembered = new WeakMap<ClusterView, { readonly virtualization: Config; readonly sdn: Config; readonly settings: ModuleSettings }>();

/** What a cluster tells of its module's settings. The same object while they are the same; nothing is known of what this user may not read. */
export function settingsOf(view: ClusterView): ModuleSettings {
  const [virtualization, sdn] = [view.get('ModuleConfig', 'virtualization'), view.get('ModuleConfig', 'sdn')];
  let known = remembered.get(view);
  if (!known || known.virtualization !== virtualization || known.sdn !== sdn) {
    known = { virtualization, sdn, settings: readSettings(virtualization, sdn) };
    remembered.set(view, known);
  }
  return known.settings;
}

/** As configured; a module that nobody has configured may come with settings that nobody sees, so nothing is known of it. */
export function readSettings(virtualization: Config, sdn: Config): ModuleSettings {
  const ranges = listAt(virtualization, 'spec.settings.virtualMachineCIDRs').filter((range) => typeof range === 'string');
  const classOf = (of: string) => stringAt(virtualization, `spec.settings.${of}.defaultStorageClassName`) ?? '';
  const networks = valueAt(sdn, 'spec.enabled');
  return {
    ...(ranges.length > 0 && { addressRanges: ranges }),
    ...(virtualization && { defaultDiskClass: classOf('virtualDisks'), defaultImageClass: classOf('virtualImages') }),
    ...(typeof networks === 'boolean' && { sdn: networks }),
  };
}
