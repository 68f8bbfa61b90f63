import { t } from '@vscode/l10n';
import { window } from 'vscode';
import { DisposableStore } from '../base/disposable';
import { Emitter } from '../base/event';
import type { PortForward } from '../cluster/portForward';
import { type KubeObject, phaseOf } from '../domain/kubeObject';
import type { PortState } from '../domain/portRow';
import { type PortSpec, parsePorts, portText } from '../domain/portSpec';
import type { Clusters } from './clusters';
import type { Log } from './log';
import type { Memory, RememberedPort } from './memory';
import type { Report } from './report';
import { UserError } from './report';
import type { Target } from './target';

export interface PortsOptions {
  readonly clusters: Clusters;
  readonly memory: Memory;
  readonly report: Report;
  readonly log: Log;
  readonly userAgent: string;
}

/** A port of a machine that is open on this computer, or was and is remembered. */
export interface Port {
  /** Unique in the list. */
  readonly id: string;
  readonly target: Target;
  readonly spec: PortSpec;
  isRemembered: boolean;
  forward?: PortForward;
  /** While it is being opened. */
  opening?: Promise<void>;
  /** Of the machine that was there when the port was opened. */
  uid?: string | undefined;
  /** Bytes at the last look, for rates. */
  seen: { readonly atMs: number; readonly sent: number; readonly received: number; readonly sentRate: number; readonly receivedRate: number };
}

const nothing = { atMs: 0, sent: 0, received: 0, sentRate: 0, receivedRate: 0 };

/** Rates of shorter spans jump. */
const rateSpanMs = 900;

/** The ports of machines that are open on this computer. Owns them. */
export class Ports {
  readonly #options: PortsOptions;
  readonly #store = new DisposableStore();
  readonly #changed: Emitter<void>;
  readonly #ports = new Map<string, Port>();

  constructor(options: PortsOptions) {
    this.#options = options;
    this.#changed = this.#store.add(new Emitter<void>((error) => options.report.background('Ports', error)));
    for (const { context, namespace, name, ports } of options.memory.get('ports')) {
      const specs = parsePorts(ports);
      for (const spec of 'problem' in specs ? [] : specs) {
        this.#add({ context, kind: 'VirtualMachine', namespace, name }, spec).isRemembered = true;
      }
    }
  }

  /** A port is new, gone, or different in more than its bytes. */
  get onDidChange() {
    return this.#changed.event;
  }

  get all(): readonly Port[] {
    return [...this.#ports.values()];
  }

  get(id: string): Port | undefined {
    return this.#ports.get(id);
  }

  /** Asks which ports of a machine to open, and opens them. Those that can be are open even when another fails. */
  async ask(target: Target): Promise<void> {
    const before = this.all.filter((port) => isSame(port.target, target) && !port.forward).map(({ spec }) => portText(spec));
    const text = await window.showInputBox({
      title: t('Forward ports of "{0}"', target.name),
      prompt: t('Ports of the machine, each with the port of this computer before it if that matters'),
      placeHolder: '8080:80, 5432, 53/udp', value: before.join(', '), ignoreFocusOut: true,
      validateInput: (value) => {
        const parsed = parsePorts(value);
        return 'problem' in parsed && value.trim() !== '' ? parsed.problem : undefined;
      },
    });
    const specs = parsePorts(text ?? '');
    if ('problem' in specs) {
      return;
    }
    const failures: unknown[] = [];
    for (const spec of specs) {
      await this.open(this.#add(target, spec)).catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) {
      throw failures[0];
    }
  }

  /** Opens a port of the list. Throws a `ClusterError` when this computer does not give it; it stays in the list if it is remembered. */
  async open(port: Port): Promise<void> {
    if (!port.forward) {
      // A row that is clicked twice is opened once.
      await (port.opening ??= this.#open(port).finally(() => { delete port.opening; }));
    }
  }

  /** Closes a port and what came through it. */
  stop(port: Port): void {
    port.forward?.dispose();
    delete port.forward;
    if (!port.isRemembered) {
      this.#ports.delete(port.id);
    }
    this.#changed.fire();
  }

  stopAll(): void {
    this.all.forEach((port) => this.stop(port));
  }

  /** Keeps a port in the list across reloads, or not any longer. */
  remember(port: Port, isRemembered: boolean): void {
    port.isRemembered = isRemembered;
    if (!isRemembered && !port.forward) {
      this.#ports.delete(port.id);
    }
    const kept = this.all.filter((one) => one.isRemembered).map(({ target, spec }): RememberedPort => ({ context: target.context, namespace: target.namespace ?? '', name: target.name, ports: portText(spec) }));
    this.#options.memory.set('ports', kept);
    this.#changed.fire();
  }

  /** What the list says about a port now; looks at its bytes on the way. */
  stateOf(port: Port, nowMs: number): PortState {
    const { clusters } = this.#options;
    const { context, namespace = '', name } = port.target;
    const session = clusters.session(context);
    const object = this.#liveObject(port.target);
    const uid = object?.metadata.uid;
    port.uid ??= uid;
    const { forward } = port;
    if (forward) {
      this.#measure(port, forward, nowMs);
    }
    return {
      machine: name, namespace, context: session?.context.name ?? context, spec: port.spec, isRemembered: port.isRemembered,
      ...(forward && { open: { address: forward.address, port: forward.port, traffic: forward.traffic, sentRate: port.seen.sentRate, receivedRate: port.seen.receivedRate } }),
      now: object && { phase: phaseOf(object), isOther: port.uid !== undefined && uid !== undefined && uid !== port.uid },
    };
  }

  dispose(): void {
    for (const { forward } of this.#ports.values()) {
      forward?.dispose();
    }
    this.#ports.clear();
    this.#store.dispose();
  }

  async #open(port: Port): Promise<void> {
    const { clusters, log, userAgent } = this.#options;
    const { context, namespace = '', name } = port.target;
    const { spec } = port;
    const [{ startPortForward }, { machinePort }] = await Promise.all([import('../cluster/portForward'), import('../cluster/machinePort')]);
    // Whoever opens it means the machine that is there now.
    port.uid = this.#liveObject(port.target)?.metadata.uid;
    try {
      const forward = await startPortForward({
        spec, log: (message) => log.info(message),
        open: machinePort({
          target: { namespace, name, stream: 'portforward', port: spec.remote, protocol: spec.protocol }, userAgent, machine: port,
          look: () => this.#liveObject(port.target)?.metadata.uid,
          api: () => {
            const session = clusters.session(context);
            if (!session) {
              throw new UserError(t('The context "{0}" is not connected.', context));
            }
            return session.api;
          },
        }),
      });
      if (this.#store.isDisposed || !this.#ports.has(port.id)) {
        forward.dispose();
        return;
      }
      Object.assign(port, { forward, seen: nothing });
      forward.onDidChange(() => this.#changed.fire());
    } catch (error) {
      this.stop(port);
      throw error;
    } finally {
      this.#changed.fire();
    }
  }

  #measure(port: Port, { traffic: { sent, received } }: PortForward, nowMs: number): void {
    const { seen } = port;
    const spanMs = nowMs - seen.atMs;
    if (spanMs >= rateSpanMs) {
      const rate = (now: number, before: number) => (seen.atMs === 0 ? 0 : ((now - before) * 1000) / spanMs);
      port.seen = { atMs: nowMs, sent, received, sentRate: rate(sent, seen.sent), receivedRate: rate(received, seen.received) };
    }
  }

  /** What the cluster says now; `null`: there is none, `undefined`: not known now. */
  #liveObject({ context, name, namespace = '' }: Target): KubeObject | null | undefined {
    const view = this.#options.clusters.session(context)?.view;
    return view?.state('VirtualMachine').phase === 'live' ? view.get('VirtualMachine', name, namespace) : undefined;
  }

  /** The port of the list that this is, made where there is none. */
  #add(target: Target, spec: PortSpec): Port {
    const id = JSON.stringify([target.context, target.namespace ?? '', target.name, portText(spec)]);
    const port: Port = this.#ports.get(id) ?? { id, target, spec, isRemembered: false, seen: nothing };
    this.#ports.set(id, port);
    return port;
  }
}

function isSame(a: Target, b: Target): boolean {
  return a.context === b.context && a.name === b.name && a.namespace === b.namespace;
}
