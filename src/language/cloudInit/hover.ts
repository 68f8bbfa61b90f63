import { t } from '@vscode/l10n';
import type { EmbeddedText } from '../embedded';
import type { Range } from '../manifest';
import { spotAt } from '../places';
import { parseCloudConfig } from './parse';
import { choicesOf, schemasAt } from './schema';

/** Help for the key at an offset of the manifest inside a cloud-init text; the range is in the manifest. */
export function hoverInUserData({ text, locate }: EmbeddedText, offset: number, schema: object): { readonly text: string; readonly range: Range } | undefined {
  const inner = locate && innerOffset(locate, text.length, offset);
  const spot = inner === undefined ? undefined : spotAt(parseCloudConfig(text), inner);
  if (!spot || !locate) {
    return undefined;
  }
  const schemas = schemasAt(schema, spot.path);
  const described = schemas.find(({ description }) => description !== undefined);
  const choices = choicesOf(schemas);
  const sections = [
    described?.description ?? '',
    choices.length > 0 ? t('Possible values: {0}', choices.map((choice) => `\`${choice}\``).join(', ')) : '',
    described?.deprecated_description ?? '',
  ].filter((section) => section !== '');
  return sections.length === 0 ? undefined : { text: [...sections, t('*cloud-init*')].join('\n\n'), range: { start: locate(spot.range.start), end: locate(spot.range.end) } };
}

/** The place in the text for a place in the manifest: `locate` only grows, so it can be searched. */
function innerOffset(locate: (offset: number) => number, length: number, offset: number): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (locate(middle) <= offset) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low;
}
