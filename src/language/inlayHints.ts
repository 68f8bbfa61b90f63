import { t } from '@vscode/l10n';
import type { InlayHint, Range } from 'vscode-languageserver-types';
import { topologyOf } from '../domain/topology';
import { numberAt, valueAt } from '../domain/values';
import { plainText } from './hover';
import { identityOf } from './identity';
import { tokenAt } from './places';
import { rangeIn } from './positions';
import type { Request } from './service';
import { isObject } from './prune';

/** Defaults of a machine that decide how it behaves and that nobody sees in the manifest. */
const telling = ['runPolicy', 'osType', 'bootloader', 'liveMigrationPolicy', 'enableParavirtualization'] as const;

/** What the cluster will add: how cores are laid out, and the defaults that matter. */
export function inlayHintsOf(request: Request, range: Range): readonly InlayHint[] {
  const { document, parts, options } = request;
  return parts.flatMap((part): InlayHint[] => {
    const { manifest } = part;
    const identity = identityOf(manifest);
    if (identity?.id !== 'VirtualMachine' || !isObject(manifest.value) || !isObject(manifest.value['spec'])) {
      return [];
    }
    const spec = manifest.value['spec'];
    const schema = options.schemas.kind('virtualization.deckhouse.io', 'VirtualMachine')?.versions[0]?.schema.properties?.['spec'];
    const cores = numberAt(spec, 'cpu.cores');
    const topology = cores === undefined ? undefined : topologyOf(cores);
    const defaults = telling.filter((key) => valueAt(spec, key) === undefined && schema?.properties?.[key]?.default !== undefined)
      .map((key) => `${key}: ${plainText(schema?.properties?.[key]?.default ?? null)}`);
    const at = (path: readonly string[], part_: 'key' | 'value') => rangeIn(document, part, tokenAt(manifest, path, part_)).end;
    return [
      ...(topology && topology.sockets > 1 ? [{ position: at(['spec', 'cpu', 'cores'], 'value'), label: `${topology.sockets} × ${topology.coresPerSocket}`, tooltip: t('Sockets × cores each'), paddingLeft: true }] : []),
      ...(defaults.length > 0 ? [{ position: { ...at(['spec'], 'key'), character: at(['spec'], 'key').character + 1 }, label: defaults.join(', '), tooltip: t('Defaults that the cluster adds'), paddingLeft: true }] : []),
    ].filter(({ position }) => position.line >= range.start.line && position.line <= range.end.line);
  });
}
