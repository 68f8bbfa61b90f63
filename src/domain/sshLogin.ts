import { t } from '@vscode/l10n';

/** How a user logs in to a machine. */
export interface SshLogin {
  readonly user: string;
  /** Path of a private key, never the key itself; absent: what ssh finds by itself. */
  readonly key?: string;
}

/** A machine as ssh sees it. */
export interface SshMachine {
  /** Name of the context. */
  readonly context: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/** Why this cannot be a user's name; `undefined`: it can. */
export function userProblem(user: string): string | undefined {
  // What useradd and Windows domains allow; nothing that ssh or scp would take for an option or a host.
  return /^[A-Za-z_][\w.\\-]{0,63}\$?$/.test(user) ? undefined : t('"{0}" cannot be a user\'s name.', user);
}

/** Why this cannot be a path on a machine; `undefined`: it can. */
export function remotePathProblem(path: string): string | undefined {
  if (path.trim() === '') {
    return t('Type a path on the machine.');
  }
  // Control characters would end a line of what is sent to sftp.
  return /\p{Cc}/u.test(path) ? t('The path contains characters that cannot be typed.') : path.startsWith('-') ? t('Write "./{0}" for a name that begins with a hyphen.', path) : undefined;
}

/** The name by which ssh and its configuration know a machine; unlike for machines of other contexts. */
export function hostName({ context, namespace, name }: SshMachine): string {
  const plain = context.toLowerCase().replaceAll(/[^a-z0-9-]+/g, '-').replaceAll(/^-+|-+$/g, '').slice(0, 40);
  return [name, namespace, plain === context ? plain : `${plain || 'context'}-${shortHash(context)}`, 'dvp'].join('.');
}

/** Under this name a machine's host key is kept: a machine that is made anew is another one. */
export function hostKeyAlias({ uid }: SshMachine): string {
  return `dvp-${uid}`;
}

/** FNV-1a: tells names apart, nothing more. */
function shortHash(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return hash.toString(16).padStart(8, '0');
}
