import { t } from '@vscode/l10n';
import { CancellationError, env, type QuickPickItem, Uri, window } from 'vscode';
import { browserUrl, portRow } from '../domain/portRow';
import type { Port, Ports } from './ports';

/** Which ports a command of the list is for. */
export type PortFilter = (port: Port) => boolean;

/** The port of the row that a command was started from, or the one that the user chooses. */
export async function portFrom(argument: unknown, ports: Ports, title: string, filter: PortFilter): Promise<Port> {
  const id: unknown = typeof argument === 'object' && argument !== null && 'id' in argument ? argument.id : undefined;
  const own = typeof id === 'string' ? ports.get(id) : undefined;
  if (own) {
    return own;
  }
  const nowMs = Date.now();
  const choices = ports.all.filter(filter).map((port): QuickPickItem & { readonly port: Port } => {
    const { label, description } = portRow(ports.stateOf(port, nowMs), nowMs);
    return { label, description, port };
  });
  const chosen = await window.showQuickPick(choices, { title, placeHolder: choices.length === 0 ? t('There is no such port') : t('Choose a port') });
  if (!chosen) {
    throw new CancellationError();
  }
  return chosen.port;
}

/** The address of this computer that leads into the machine, as it is reached from where the user sits. */
export async function copyAddress({ forward }: Port): Promise<void> {
  await env.clipboard.writeText(forward?.address ?? '');
}

/** Shows the port in a browser. Where the editor runs elsewhere, it opens a way there first. */
export async function openInBrowser({ forward, spec }: Port): Promise<void> {
  if (forward) {
    await env.openExternal(await env.asExternalUri(Uri.parse(browserUrl(forward.address, spec), true)));
  }
}
