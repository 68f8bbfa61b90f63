import type { Disposable } from '../../../../src/base/disposable';
import type { Clock } from '../../../../src/base/timing';
import type { KubeObject } from '../../../../src/domain/kubeObject';
import { numberAt, stringAt } from '../../../../src/domain/values';
import { randomSuffix, refOf, specOf, uidOf, type Ref } from '../objects';
import { adopted } from './adopt';
import { plays } from './annotation';
import type { Because, Ending, Instance, InternalMachine, Job, Lower, MigrateOptions, Migration, MigrationStage, Stage, Trouble, Work } from './lower';
import { Copy } from './copy';
import type { Guest } from './guest';
import type { GuestEnd, RealGuest } from './hypervisor';
import { Plugs, type RealGuests } from './plugs';
import { SimulatedGuest } from './simulatedGuest';
import type { Timing } from './timing';
import { Jobs } from './jobs';
import { simulatedTransfer } from './simulatedTransfer';
import { type Nodes, roomiest } from './nodes';
import { outboundPerNode, Slots } from './slots';

type Writable<T> = { -readonly [K in keyof T]: T[K] };
export interface Simulated extends Writable<InternalMachine> {
  /** The machine as it was last seen: its annotation may change at any time. */
  object: KubeObject;
  instance?: Writable<Instance>;
  /** A guest that does not react to being shut down. */
  hangs?: boolean;
  /** The node that it need not leave, although that is drained: somebody has cancelled its evacuation. */
  spared?: string | undefined;
  /** Made when somebody first connects; until the instance ends. */
  guest?: SimulatedGuest | undefined;
  timer?: Disposable | undefined;
  copy?: Copy | undefined;
  real?: RealGuest | undefined;
}

/** Stages of migrations that have ended. */
const over: ReadonlySet<MigrationStage | undefined> = new Set<MigrationStage>(['succeeded', 'failed', 'aborted']);

/** Plays hypervisor, pods and storage on a clock. Nothing runs anywhere, but for guests that a given hypervisor takes. */
export class SimulatedLower implements Lower {
  readonly #clock: Clock;
  readonly #timing: Timing;
  readonly #nodes: Nodes;
  readonly #machines = new Map<string, Simulated>();
  readonly #jobs: Jobs;
  readonly #real: RealGuests | undefined;
  readonly #plugs: Plugs;
  readonly #slots = new Slots(outboundPerNode);
  onDidChange: (ref: Ref) => void = () => undefined;

  /** Without `real` every guest is simulated. */
  constructor(clock: Clock, timing: Timing, nodes: Nodes, real?: RealGuests) {
    this.#clock = clock;
    this.#real = real;
    this.#plugs = new Plugs((ref) => this.onDidChange(ref));
    this.#timing = timing;
    this.#nodes = nodes;
    this.#jobs = new Jobs(clock, timing, (ref) => this.onDidChange(ref));
  }

  machine(object: KubeObject): InternalMachine {
    const uid = uidOf(object);
    let machine = this.#machines.get(uid);
    if (!machine) {
      machine = adopted(object);
      this.#machines.set(uid, machine);
      this.#resume(machine);
    }
    machine.object = object;
    const { instance } = machine;
    if (instance?.blockedBy && !machine.timer && !plays(object, instance.blockedBy)) {
      this.#advance(machine);
    }
    machine.isEvacuating = this.#isEvacuating(machine);
    machine.copy?.look();
    if (machine.hangs && !plays(object, 'hangs')) {
      machine.hangs = false;
      if (machine.real) {
        machine.real.shutDown();
      } else {
        this.#after(machine, this.#timing.stopMs, () => this.#guestIsOff(machine));
      }
    }
    return machine;
  }

  want(object: KubeObject, wanted: boolean, because: Because): void {
    Object.assign(this.#of(object), { wanted, because });
    this.onDidChange(refOf(object));
  }

  create(object: KubeObject): void {
    const machine = this.#of(object);
    if (machine.instance || machine.creating) {
      return;
    }
    machine.creating = true;
    this.#after(machine, this.#timing.createMs, () => {
      machine.creating = false;
      machine.instances++;
      machine.because = 'policy';
      machine.applied = specOf(machine.object);
      machine.instance = { ...blank, stage: 'created' };
      this.#changed(machine);
      this.#advance(machine);
    });
  }

  end(object: KubeObject, ending: 'stop' | 'restart', force: boolean): void {
    const machine = this.#of(object);
    const { instance } = machine;
    if (machine.creating) {
      machine.timer?.dispose();
      machine.creating = false;
    }
    if (!instance || instance.stopping || instance.stage === 'ended' || instance.stage === 'finished') {
      return;
    }
    instance.ending = force && ending === 'restart' ? 'kill' : ending;
    instance.migration = undefined;
    machine.copy?.dispose();
    if (instance.stage !== 'running') {
      instance.stopping = true;
      this.#after(machine, this.#timing.stepMs, () => this.#finish(machine, ending));
    } else if (force && ending === 'restart') {
      this.#after(machine, this.#timing.stepMs, () => this.#finish(machine, 'kill'));
    } else {
      instance.stopping = true;
      machine.hangs = !force && plays(object, 'hangs');
      const graceMs = (numberAt(object, 'spec.terminationGracePeriodSeconds') ?? 60) * 1000;
      if (machine.real) {
        this.#endReal(machine, machine.real, force ? 0 : graceMs);
      } else {
        this.#after(machine, force ? 2 * this.#timing.stepMs : machine.hangs ? graceMs : this.#timing.stopMs, () => this.#guestIsOff(machine));
      }
    }
    this.#changed(machine);
  }

  /** What happens inside a guest: it shuts itself down, resets itself or crashes. */
  happen(object: KubeObject, what: 'shutdown' | 'reset' | 'crash'): void {
    const machine = this.#of(object);
    this.#after(machine, 2 * this.#timing.stepMs, () => this.#finish(machine, what));
  }

  guest(object: KubeObject): Guest | undefined {
    const machine = this.#of(object);
    const { instance } = machine;
    if (instance?.stage !== 'running') {
      return undefined;
    }
    if (machine.real) {
      return machine.real.guest;
    }
    machine.guest ??= new SimulatedGuest({ name: object.metadata.name, clock: this.#clock, startedAtMs: instance.startedAtMs, onPower: (what) => this.happen(machine.object, what) });
    return machine.guest;
  }

  migrate(object: KubeObject, operation: string, options: MigrateOptions): void {
    const machine = this.#of(object);
    const { instance } = machine;
    if (!instance || instance.migration?.operation === operation) {
      return;
    }
    machine.copy?.dispose();
    machine.copy = new Copy({
      machine: () => machine.object, operation, autoConverge: options.autoConverge, fromPercent: options.fromPercent ?? 0,
      clock: this.#clock, timing: this.#timing, slots: this.#slots, sourceNode: instance.node ?? '',
      targetNode: () => roomiest(this.#nodes.for(machine.object).filter((node) => node !== instance.node), this.#places()),
      transfer: machine.real?.guest?.transfer ?? simulatedTransfer,
      changed: (migration: Migration) => {
        instance.migration = migration;
        if (migration.stage === 'succeeded') {
          Object.assign(instance, { node: migration.targetNode, pod: migration.targetPod });
          machine.guest?.disconnect();
        }
        this.#changed(machine);
      },
    });
    // Known at once, so that nobody asks for it a second time.
    instance.migration = machine.copy.migration;
    this.#changed(machine);
  }

  abortMigration(object: KubeObject): void {
    this.#of(object).copy?.abort();
  }

  spare(object: KubeObject): void {
    const machine = this.#of(object);
    machine.spared = machine.instance?.node;
    this.#changed(machine);
  }

  forget(object: KubeObject): void {
    const machine = this.#machines.get(uidOf(object));
    if (machine) {
      this.#drop(machine);
      machine.real?.kill();
    }
    this.#machines.delete(uidOf(object));
  }

  work(object: KubeObject, job: Job): Work {
    const work = this.#jobs.work(object, job);
    const guest = object.kind === 'VirtualMachineBlockDeviceAttachment' && work.stage === 'done' ? this.#realOf(object) : undefined;
    return guest ? this.#plugs.work(object, guest, this.#real?.disks(object)[0]) : work;
  }

  forgetWork(object: KubeObject): void {
    this.#jobs.forget(object);
    this.#plugs.forget(object);
  }

  dispose(): void {
    for (const machine of this.#machines.values()) {
      this.#drop(machine);
    }
    this.#machines.clear();
    this.#jobs.dispose();
  }

  #drop(machine: Simulated): void {
    machine.timer?.dispose();
    machine.copy?.dispose();
    this.#off(machine);
  }

  #off(machine: Simulated): void {
    machine.guest?.dispose();
    machine.guest = undefined;
  }

  #isEvacuating(machine: Simulated): boolean {
    const node = machine.instance?.stage === 'running' ? machine.instance.node ?? '' : '';
    if (!this.#nodes.isDraining(node)) {
      machine.spared = undefined;
    }
    return this.#nodes.isDraining(node) && machine.spared !== node;
  }

  /** Where machines are, and where they are moving to. */
  #places(): (string | undefined)[] {
    return [...this.#machines.values()].flatMap(({ instance }) => [instance?.node, over.has(instance?.migration?.stage) ? undefined : instance?.migration?.targetNode]);
  }

  #of(object: KubeObject): Simulated {
    return this.machine(object) as Simulated;
  }

  /** The real guest of the machine that an attachment names. */
  #realOf(attachment: KubeObject): RealGuest | undefined {
    const name = stringAt(attachment, 'spec.virtualMachineName');
    return [...this.#machines.values()].find(({ real, object }) => real && object.metadata.name === name && object.metadata.namespace === attachment.metadata.namespace)?.real;
  }

  /** Sets going again what was on its way when the machine was last seen. */
  #resume(machine: Simulated): void {
    const { instance } = machine;
    if (instance?.stage === 'running' && instance.stopping) {
      this.#after(machine, this.#timing.stopMs, () => this.#guestIsOff(machine));
    } else if (instance && instance.stage !== 'running') {
      this.#advance(machine);
    } else if (instance && plays(machine.object, 'real-guest') && this.#startReal(machine)) {
      instance.agent = false;
    } else if (instance && !instance.agent && !plays(machine.object, 'no-agent')) {
      this.#after(machine, this.#timing.agentMs, () => this.#agentConnects(machine));
    }
  }

  /** From the creation of an instance to its agent, stopping where the machine's annotation says so. */
  #advance(machine: Simulated): void {
    const { instance } = machine;
    if (!instance) {
      return;
    }
    const next: Partial<Record<Stage, { readonly to: Stage; readonly ms: number; readonly troubles: readonly Trouble[] }>> = {
      created: { to: 'scheduling', ms: this.#timing.podMs / 2, troubles: ['quota'] },
      scheduling: { to: 'scheduled', ms: this.#timing.podMs, troubles: ['unschedulable', 'attach-error'] },
      scheduled: { to: 'running', ms: this.#timing.guestMs, troubles: [] },
    };
    const step = next[instance.stage];
    if (!step) {
      return;
    }
    this.#after(machine, step.ms, () => {
      const isHomeless = step.to === 'scheduled' && this.#nodes.for(machine.object).length === 0;
      const trouble = step.troubles.find((word) => plays(machine.object, word)) ?? (isHomeless ? 'unschedulable' : undefined);
      if (trouble) {
        instance.blockedBy = trouble;
        this.#changed(machine);
        return;
      }
      instance.blockedBy = undefined;
      if (step.to === 'running') {
        if (!this.#startReal(machine)) {
          this.#runs(machine, instance);
        }
        return;
      }
      instance.stage = step.to;
      if (step.to === 'scheduling') {
        instance.pod = `d8v-vm-${machine.object.metadata.name}-${randomSuffix()}`;
      } else {
        instance.node = roomiest(this.#nodes.for(machine.object), this.#places());
      }
      this.#changed(machine);
      this.#advance(machine);
    });
  }

  #runs(machine: Simulated, instance: Writable<Instance>): void {
    Object.assign(instance, { stage: 'running', startedAtMs: this.#clock.now() });
    if (!machine.real) {
      this.#after(machine, this.#timing.agentMs, () => this.#agentConnects(machine));
    }
    this.#changed(machine);
  }

  /** Whether the machine gets a real guest; it runs as soon as that does. */
  #startReal(machine: Simulated): boolean {
    const real = this.#real?.hypervisor.start(machine.object, this.#real.disks(machine.object));
    if (!real) {
      return false;
    }
    machine.real = real;
    real.onDidEnd = (how) => {
      if (machine.real === real) {
        this.#realEnded(machine, how);
      }
    };
    // One that cannot be started ends at once, which is heard of.
    real.started.then(() => {
      const { instance } = machine;
      if (machine.real === real && instance?.stage === 'scheduled') {
        this.#runs(machine, instance);
      } else if (machine.real === real) {
        this.#changed(machine);
      }
    }, () => undefined);
    return true;
  }

  /** Asks a guest to shut down, or kills it when there is no time; it tells when it is off. */
  #endReal(machine: Simulated, real: RealGuest, graceMs: number): void {
    this.#after(machine, graceMs, () => real.kill());
    if (graceMs > 0 && !machine.hangs) {
      real.shutDown();
    }
  }

  #realEnded(machine: Simulated, how: GuestEnd): void {
    machine.real = undefined;
    if (machine.instance?.stopping) {
      machine.timer?.dispose();
      this.#guestIsOff(machine);
    } else {
      this.#finish(machine, how === 'stop' ? 'crash' : how);
    }
  }

  #agentConnects(machine: Simulated): void {
    if (machine.instance?.stage === 'running' && !plays(machine.object, 'no-agent')) {
      machine.instance.agent = true;
      this.#changed(machine);
    }
  }

  #guestIsOff(machine: Simulated): void {
    machine.hangs = false;
    this.#off(machine);
    if (machine.instance) {
      machine.instance.stage = 'ended';
      this.#changed(machine);
      this.#after(machine, this.#timing.stepMs, () => this.#finish(machine, machine.instance?.ending ?? 'stop'));
    }
  }

  #finish(machine: Simulated, ending: Ending): void {
    this.#off(machine);
    if (machine.instance) {
      Object.assign(machine.instance, { stage: 'finished', ending, node: undefined, migration: undefined });
      machine.copy?.dispose();
      machine.real?.kill();
      machine.real = undefined;
      this.#changed(machine);
      this.#after(machine, this.#timing.goneMs, () => {
        delete machine.instance;
        this.#changed(machine);
      });
    }
  }

  #after(machine: Simulated, ms: number, run: () => void): void {
    machine.timer?.dispose();
    const timer = this.#clock.after(ms, () => {
      if (machine.timer === timer) {
        machine.timer = undefined;
      }
      run();
    });
    machine.timer = timer;
  }

  #changed(machine: Simulated): void {
    this.onDidChange(refOf(machine.object));
  }
}

const blank: Omit<Instance, 'stage'> = {
  pod: undefined, node: undefined, startedAtMs: undefined, stopping: false, ending: undefined, agent: false, blockedBy: undefined, migration: undefined,
};
