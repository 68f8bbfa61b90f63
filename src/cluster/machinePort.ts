import { t } from '@vscode/l10n';
import type { KubeApi } from './api';
import type { Channel, ChannelOptions, PortTarget } from './channel';
import { openChannel, uidOf } from './channel';
import { ClusterError } from './errors';

export interface MachinePortOptions extends Omit<ChannelOptions, 'signal'> {
  readonly target: PortTarget;
  /** Throws when there is no connection to the cluster. */
  readonly api: () => KubeApi;
  /** The uid of the machine that has the name now, where that is known without asking the server. */
  readonly look: () => string | undefined;
  /** Whose port it is; filled in with the first stream where it was not known. */
  readonly machine: { uid?: string | undefined };
}

/** Gives streams to a port of one machine, and none to another machine that has got its name since. Throws `ClusterError`. */
export function machinePort({ target, api, look, machine, ...options }: MachinePortOptions): (signal: AbortSignal) => Promise<Channel> {
  return async (signal) => {
    const uid = look() ?? await uidOf(api(), target, signal) ?? undefined;
    machine.uid ??= uid;
    if (uid !== undefined && uid !== machine.uid) {
      throw new ClusterError('notFound', t('This machine was deleted, and another one was created under its name.'), { hint: t('Stop forwarding and open the port again if you trust the new machine.') });
    }
    return openChannel(api(), target, { ...options, signal });
  };
}
