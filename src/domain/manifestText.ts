import { platformGroup } from './kind';
import { kinds } from './kinds/index';

const kindLine = new RegExp(`^[ \\t]*"?kind"?[ \\t]*:[ \\t]*["']?(?:${[...Object.keys(kinds), 'ModuleConfig'].join('|')})\\b`, 'm');

/** Whether anything in a file can be the platform's: everything else is left alone without being parsed. */
export function mayHoldManifests(text: string): boolean {
  return text.includes(platformGroup) || kindLine.test(text);
}
