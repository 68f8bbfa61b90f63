import { platformGroup } from './kind';
import { kinds } from './kinds/index';

const kindLine = new RegExp(`^[ \\t]*"?kind"?[ \\t]*:[ \\t]*["']?(?:${[...Object.keys(kinds), 'ModuleConfig'].join('|')})\\b`, 'm');

/** Whether anything in a file can be the platform's: everything else is left alone without being parsed. */
export function mayHoldManifests(text: string): boolean {
  return text.includes(platformGroup) || kindLine.test(text);
}

/** Whether every document of a file says that it is of the platform's group, as far as lines at the margin tell. */
export function isOnlyManifests(text: string): boolean {
  const versions = [...text.matchAll(/^(?:apiVersion|\s*"apiVersion")[ \t]*:[ \t]*["']?([\w./-]*)/gm)].map(([, version = '']) => version);
  return versions.length > 0 && versions.every((version) => version.startsWith(`${platformGroup}/`));
}
