import type { KubeObject } from '../../../../src/domain/kubeObject';

/** Tells the layer below what to play for an object: words of README.md, separated by commas. */
export const lowerAnnotation = 'embedded.dvp-tools/lower';

/** Whether the annotation of `object` holds `word`. */
export function plays(object: KubeObject, word: string): boolean {
  return object.metadata.annotations?.[lowerAnnotation]?.split(',').some((w) => w.trim() === word) ?? false;
}

/** On a machine whose guest is real: what runs it, `qemu`. Written by us while it is so; the guests of all others are simulated. */
export const guestAnnotation = 'embedded.dvp-tools/guest';

/** Percent at which `migration-hold-N` wants a migration to stay; `undefined`: it goes on. */
export function heldPercent(object: KubeObject): number | undefined {
  const percent = /(?:^|,)\s*migration-hold-(\d+)\s*(?:,|$)/.exec(object.metadata.annotations?.[lowerAnnotation] ?? '')?.[1];
  return percent === undefined ? undefined : Number(percent);
}
