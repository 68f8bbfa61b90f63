import type { LanguageServiceOptions } from '../service';
import type { Offer } from './offer';

/** Where a file of snippets below `snippets/` has its place. */
export type SnippetPlace = 'manifest' | 'machineSpec' | 'userData';

interface SnippetFile {
  readonly [name: string]: { readonly prefix: readonly string[]; readonly description: string; readonly body: readonly string[] };
}

const offered = new WeakMap<LanguageServiceOptions, Map<SnippetPlace, readonly Offer[]>>();

/** The snippets that fit a place, and nowhere else are in the way. */
export function snippetOffers(options: LanguageServiceOptions, place: SnippetPlace): readonly Offer[] {
  const known = offered.get(options) ?? new Map<SnippetPlace, readonly Offer[]>();
  offered.set(options, known);
  const offers = known.get(place) ?? filesFor(place, options).flatMap((file) => read(options.snippets?.(file)));
  known.set(place, offers);
  return offers;
}

function filesFor(place: SnippetPlace, { schemas }: LanguageServiceOptions): readonly string[] {
  return place === 'manifest' ? ['manifests', `manifests-${schemas.module}`] : [place];
}

function read(text: string | undefined): readonly Offer[] {
  return Object.values(JSON.parse(text ?? '{}') as SnippetFile).map(({ prefix, description, body }): Offer => ({
    label: prefix[1] ?? prefix[0] ?? '', kind: 'snippet', insert: body.join('\n'), filter: prefix.join(' '), detail: prefix[0] ?? '', documentation: description,
  }));
}
