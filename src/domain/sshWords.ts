/**
 * A value as a word that every shell and ssh itself leave alone: anything but plain characters is `=` and two hex digits for each
 * byte, so that names out of a kubeconfig need no quoting in a `ProxyCommand`.
 */
export function plainWord(value: string): string {
  return [...new TextEncoder().encode(value)].map((byte) => {
    const character = String.fromCharCode(byte);
    return /[A-Za-z0-9_@./:,+-]/.test(character) ? character : `=${byte.toString(16).padStart(2, '0')}`;
  }).join('');
}

/** The opposite of `plainWord`. */
export function fromPlainWord(word: string): string {
  const bytes = [...word.matchAll(/=([0-9a-f]{2})|[^]/g)].map(([character, hex]) => (hex === undefined ? character.charCodeAt(0) : Number.parseInt(hex, 16)));
  return new TextDecoder().decode(Uint8Array.from(bytes));
}

/** A path as one word of a `ProxyCommand`: quoted for the shell that runs it, with ssh's own `%` doubled. */
export function quotedPath(path: string, platform: NodeJS.Platform): string {
  // A Windows path holds no quotation marks.
  const quoted = platform === 'win32' ? `"${path}"` : `'${path.replaceAll('\'', '\'\\\'\'')}'`;
  return quoted.replaceAll('%', '%%');
}

/** A value of an ssh_config line, which knows quotation marks and `%` but no shell. */
export function configValue(value: string): string {
  const escaped = value.replaceAll('%', '%%').replaceAll('\\', '\\\\').replaceAll('"', '\\"');
  return `"${escaped}"`;
}

/** A path as sftp takes it in a batch: in quotation marks, nothing of it a pattern. */
export function sftpWord(path: string): string {
  return `"${path.replaceAll(/["\\*?[\]]/g, '\\$&')}"`;
}

/** A path on the other side as scp takes it, which looks for patterns in what is to be downloaded. */
export function scpSource(path: string): string {
  return path.replaceAll(/[\\*?[\]]/g, '\\$&');
}
