import { t } from '@vscode/l10n';
import { type Disposable, DisposableStore } from '../../base/disposable';
import { Emitter } from '../../base/event';
import { Paced } from '../../base/paced';
import { systemClock } from '../../base/timing';
import { openChannelIf, probe, type StreamTarget, uidOf } from '../../cluster/channel';
import { ConsoleLink, type LinkedMachine, type LinkState } from '../../cluster/consoleLink';
import { phaseOf } from '../../domain/kubeObject';
import { stringAt } from '../../domain/values';
import type { StreamMemory } from '../../protocol/stream';
import type { Clusters, ClusterSession } from '../clusters';
import type { Log } from '../log';
import { UserError } from '../report';
import type { StatusInput } from './streamStatus';

export interface MachineStreamOptions {
  readonly clusters: Clusters;
  readonly log: Log;
  readonly userAgent: string;
  readonly target: StreamMemory;
  readonly stream: StreamTarget['stream'];
  /** See `ConsoleLinkOptions`. */
  readonly greeting?: string;
}

/** A stream of one machine for a panel: kept connected, and told what the cluster knows of the machine. */
export class MachineStream implements Disposable {
  readonly link: ConsoleLink;
  readonly #options: MachineStreamOptions;
  readonly #store = new DisposableStore();
  readonly #changed: Emitter<void>;
  #lost: StatusInput['lost'];

  constructor(options: MachineStreamOptions) {
    const { clusters, log, userAgent, target, stream, greeting } = options;
    this.#options = options;
    const address: StreamTarget = { namespace: target.namespace, name: target.name, stream };
    // What a console prints is copied or decoded as it comes; parts of a picture wait for others.
    const isFleeting = stream === 'console';
    this.link = this.#store.add(new ConsoleLink({
      open: async (signal, mayTake) => openChannelIf(this.#session().api, address, { userAgent, signal, isFleeting }, mayTake),
      probe: (signal) => probe(this.#session().api, address, signal),
      self: (signal) => ownName(this.#session(), signal),
      identify: (signal) => uidOf(this.#session().api, address, signal),
      log: (message) => log.info(message),
      ...(greeting !== undefined && { greeting }),
    }));
    this.#changed = this.#store.add(new Emitter<void>((error) => log.error(error instanceof Error ? error : String(error))));
    const throttled = this.#store.add(new Paced(systemClock, { intervalMs: 100 }, () => {
      this.link.setMachine(this.#machine());
      if (this.link.state.phase !== 'ended') {
        this.#changed.fire();
      }
    }));
    this.#store.add(this.link.onDidChangeState((state) => {
      this.#changed.fire();
      this.#lost = state.phase === 'open' ? undefined : this.#lost ?? lossOf(state);
    }));
    this.#store.add(clusters.onDidChange(() => throttled.trigger()));
    this.#store.add(clusters.onDidChangeObjects(({ context, kind }) => {
      if (context === target.context && kind === 'VirtualMachine') {
        throttled.trigger();
      }
    }));
  }

  /** Whenever `status` may say something else. */
  get onDidChange() {
    return this.#changed.event;
  }

  get status(): StatusInput {
    const known = this.#machine();
    return { state: this.link.state, phase: known?.phase, node: known?.node, lost: this.#lost, name: this.#options.target.name };
  }

  /** Connects the first time. */
  start(): void {
    this.link.setMachine(this.#machine());
    this.link.connect();
  }

  dispose(): void {
    this.#store.dispose();
  }

  #session(): ClusterSession {
    const { clusters, target } = this.#options;
    const found = clusters.session(target.context);
    if (!found) {
      throw new UserError(t('The context "{0}" is not connected.', target.context));
    }
    return found;
  }

  #machine(): LinkedMachine {
    const { clusters, target } = this.#options;
    const view = clusters.session(target.context)?.view;
    if (view?.state('VirtualMachine').phase !== 'live') {
      return undefined;
    }
    const object = view.get('VirtualMachine', target.name, target.namespace);
    return object ? { uid: object.metadata.uid ?? '', phase: phaseOf(object), node: stringAt(object, 'status.nodeName') } : object;
  }
}

function lossOf(state: LinkState): StatusInput['lost'] {
  const silentSinceMs = state.phase === 'waiting' ? state.silentSinceMs : undefined;
  return { at: new Date(silentSinceMs ?? Date.now()).toLocaleTimeString(), why: 'problem' in state ? state.problem?.message : undefined };
}

/** Servers without this review do not tell who asks. */
async function ownName({ api }: ClusterSession, signal: AbortSignal): Promise<string | undefined> {
  try {
    const review = await api.request<{ readonly status?: { readonly userInfo?: { readonly username?: string } } }>('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {
      body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' }, signal, timeoutMs: 5000,
    });
    return review.status?.userInfo?.username;
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}
