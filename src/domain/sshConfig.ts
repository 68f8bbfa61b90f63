import { t } from '@vscode/l10n';
import { hostKeyAlias, hostName } from './sshLogin';
import type { SshLogin, SshMachine } from './sshLogin';
import { configValue } from './sshWords';

const begin = '# BEGIN Deckhouse Virtualization';
const end = '# END Deckhouse Virtualization';

/** The lines of an ssh configuration that lead to a machine, from marker to marker, without a last line break. */
export function hostEntry(machine: SshMachine, { user, key }: SshLogin, proxyCommand: string): string {
  const host = hostName(machine);
  return [
    `${begin}: ${host}`,
    `Host ${host}`,
    `  User ${user}`,
    ...(key === undefined ? [] : [`  IdentityFile ${configValue(key)}`, '  IdentitiesOnly yes']),
    `  HostKeyAlias ${hostKeyAlias(machine)}`,
    `  ProxyCommand ${proxyCommand}`,
    // What stands below is for all hosts again.
    'Host *',
    `${end}: ${host}`,
  ].join('\n');
}

/** The configuration with the entry of `host` in its place, or at the top, where no other entry goes before it. Throws when its markers are broken. */
export function withEntry(text: string, host: string, entry: string): string {
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n';
  const lines = entry.split('\n').join(lineBreak);
  const found = placeOf(text, host);
  return found ? text.slice(0, found.from) + lines + text.slice(found.to) : lines + lineBreak + (text === '' ? '' : lineBreak + text);
}

/** The configuration without the entry of `host`. Throws when its markers are broken. */
export function withoutEntry(text: string, host: string): string {
  const found = placeOf(text, host);
  // With the empty line that was written below it.
  return found ? text.slice(0, found.from) + text.slice(found.to).replace(/^(\r?\n){1,2}/, '') : text;
}

/** The hosts that have an entry, in order. */
export function entriesIn(text: string): readonly string[] {
  return [...text.matchAll(new RegExp(`^${begin}: (\\S+)[ \\t]*\\r?$`, 'gm'))].map(([, host = '']) => host);
}

function placeOf(text: string, host: string): { readonly from: number; readonly to: number } | undefined {
  const from = markers(text, begin, host);
  const to = markers(text, end, host);
  const [first] = from;
  const [last] = to;
  if (!first && !last) {
    return undefined;
  }
  const between = first && last ? text.slice(first.to, last.from) : '';
  if (!first || !last || from.length > 1 || to.length > 1 || last.from < first.to || between.includes(begin) || between.includes(end)) {
    throw new Error(t('The markers around "{0}" in the ssh configuration are not as they were written. Put them right, or take the entry out by hand.', host));
  }
  return { from: first.from, to: last.to };
}

function markers(text: string, marker: string, host: string): readonly { readonly from: number; readonly to: number }[] {
  const escaped = host.replaceAll('.', '\\.');
  return [...text.matchAll(new RegExp(`^${marker}: ${escaped}(?=[ \\t]*\\r?$)`, 'gm'))].map(({ index, 0: line }) => ({ from: index, to: index + line.length }));
}
