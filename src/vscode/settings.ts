import { type ConfigurationChangeEvent, workspace } from 'vscode';
import { isRecord } from '../domain/kubeObject';
import { type ContextSettings, contextColours, type Settings, settingDefaults } from './settingTable';

export type { ContextSettings, Settings } from './settingTable';

const section = 'dvp';

/** The value of one setting. A value of the wrong type in a settings file counts as not set. */
export function setting<K extends keyof Settings>(key: K): Settings[K] {
  const fallback = settingDefaults[key];
  const value = workspace.getConfiguration(section).get<Settings[K]>(key);
  const fits = value !== undefined && value !== null && typeof value === typeof fallback && Array.isArray(value) === Array.isArray(fallback);
  return fits ? value : fallback;
}

export function changes(event: ConfigurationChangeEvent, key: keyof Settings): boolean {
  return event.affectsConfiguration(`${section}.${key}`);
}

/** What `dvp.contexts` says about a context: every pattern that matches its name counts, later ones win field by field. What is of the wrong type counts as not set. */
export function contextSettings(name: string): ContextSettings {
  const merged: ContextSettings = setting('readOnly') ? { readOnly: true } : {};
  return Object.entries(setting('contexts'))
    .filter(([pattern]) => matches(pattern, name))
    .reduce((all, [, one]) => ({ ...all, ...wellTyped(one) }), merged);
}

function wellTyped(entry: unknown): ContextSettings {
  const { color, label, readOnly, namespaces } = isRecord(entry) ? entry : {};
  const colour = contextColours.find((known) => known === color);
  return {
    ...(colour && { color: colour }), ...(typeof label === 'string' && { label }),
    // A lock that somebody has miswritten holds.
    ...(readOnly !== undefined && readOnly !== null && { readOnly: readOnly !== false }),
    ...(Array.isArray(namespaces) && { namespaces: namespaces.filter((name) => typeof name === 'string') }),
  };
}

/** `*` stands for any characters; everything else is literal. */
function matches(pattern: string, name: string): boolean {
  const source = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&')).join('.*');
  return new RegExp(`^${source}$`, 'u').test(name);
}
