/** Longest text from the cluster that is shown in one place. */
const longest = 400;

/** Characters that reorder or hide text around them, and other controls. */
const unseen = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/g;

/**
 * Text from the cluster as Markdown that shows exactly this text: every character that could mean something is escaped,
 * so that it brings no links, commands, pictures, HTML, icons or lines of its own.
 */
export function escapeMarkdown(text: string): string {
  const line = plainLine(text);
  // In words they mean nothing; elsewhere every ASCII punctuation may be escaped (CommonMark 2.4).
  return line.replace(/[!-/:-@[-`{-~]/g, '\\$&');
}

/** Text from the cluster in one line without invisible characters, shortened where it is very long. */
export function plainLine(text: string): string {
  const line = text.replace(unseen, ' ').replace(/ {2,}/g, ' ').trim();
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}
