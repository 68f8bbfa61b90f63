import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { t } from '@vscode/l10n';
import { ClusterError } from './errors';

/** A field of a kubeconfig that holds a text, or names a file that does. */
export interface Referring {
  /** What the field is called. */
  readonly field: string;
  /** Base64; before the file. */
  readonly data: string | undefined;
  /** Relative to the folder of the kubeconfig. */
  readonly path: string | undefined;
}

/** The text that a field of the kubeconfig `file` holds or names; `undefined` when it does neither. Throws `ClusterError`. */
export async function dataOrFile({ field, data, path: named }: Referring, file: string, owner: string): Promise<string | undefined> {
  if (data) {
    return Buffer.from(data, 'base64').toString('utf8');
  }
  return named ? readText(path.resolve(path.dirname(file), named), field, owner) : undefined;
}

/** The text of a file that a field of a kubeconfig names. Throws `ClusterError`. */
export async function readText(file: string, field: string, owner: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const message = code === 'ENOENT' ? t('The file "{0}", which "{1}" of "{2}" names, does not exist.', file, field, owner)
      : t('The file "{0}", which "{1}" of "{2}" names, cannot be read ({3}).', file, field, owner, code ?? '?');
    throw new ClusterError('credentials', message, { hint: t('Correct the kubeconfig, or put the file back.') });
  }
}
