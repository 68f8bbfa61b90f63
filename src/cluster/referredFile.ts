import { readFile } from 'node:fs/promises';
import { t } from '@vscode/l10n';
import { ClusterError } from './errors';
import { pathOf, textOf } from './kubeConfigFile';

type Entry = Readonly<Record<string, unknown>>;

/** The text of `<field>-data`, base64, or of the file that `field` names; `undefined` when the entry has neither. Throws `ClusterError`. */
export async function dataOrFile(entry: Entry, field: string, file: string, owner: string): Promise<string | undefined> {
  const data = textOf(entry, `${field}-data`);
  if (data !== undefined) {
    return Buffer.from(data, 'base64').toString('utf8');
  }
  const path = pathOf(entry, field, file);
  return path === undefined ? undefined : readText(path, field, owner);
}

/** The text of a file that a field of a kubeconfig names. Throws `ClusterError`. */
export async function readText(path: string, field: string, owner: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const message = code === 'ENOENT' ? t('The file "{0}", which "{1}" of "{2}" names, does not exist.', path, field, owner)
      : t('The file "{0}", which "{1}" of "{2}" names, cannot be read ({3}).', path, field, owner, code ?? '?');
    throw new ClusterError('credentials', message, { hint: t('Correct the kubeconfig, or put the file back.') });
  }
}
