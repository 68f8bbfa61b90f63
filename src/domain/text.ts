/**
 * Marks an English sentence that is kept as data and translated where it is shown, by `t(sentence)`.
 * The extraction of translatable text collects the argument of `text(…)` exactly like the first argument of `t(…)`.
 */
export function text(english: string): string {
  return english;
}
