import path from 'node:path';

/** The repository. */
export const root = path.join(import.meta.dirname, '..');

/** What packaging leaves for everybody else: the extension as a user installs it. */
export const vsixFile = path.join(root, 'dist/deckhouse-virtualization.vsix');

/** Reports, logs and screenshots of a test run; ignored by git. */
export const resultsFolder = path.join(root, 'test-results');

/** True when the module with this file name was started by hand instead of imported. */
export function isStartedDirectly(filename: string): boolean {
  return process.argv[1] !== undefined && path.resolve(process.argv[1]) === filename;
}
