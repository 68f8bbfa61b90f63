import { t } from '@vscode/l10n';
import { possibleCores } from '../domain/topology';
import type { Path } from '../domain/values';
import type { Fix } from './edits';
import { removeField, setScalar } from './edits';
import type { Manifest } from './manifest';
import { valueOf } from './values';

/** How to mend what the platform's admission refuses; empty where people have to decide. */
export function platformFixes(code: string, manifest: Manifest, path: Path): readonly Fix[] {
  const value = valueOf(manifest.value, path);
  switch (code) {
    case 'platform/core-count':
      return typeof value === 'number' ? possibleCores(value).toReversed().map((cores) => ({ title: t('Change to "{0}"', cores), changes: [setScalar(manifest, path, String(cores))] })) : [];
    case 'platform/reserved-key':
      return [{ title: t('Remove "{0}"', String(path.at(-1))), changes: [removeField(manifest, path)] }];
    default:
      return [];
  }
}
