import { platformGroup } from '../../../src/domain/kind';
import { conditionsOf, phaseOf, type KubeObject } from '../../../src/domain/kubeObject';
import { stringAt } from '../../../src/domain/values';

/** What a version of an object changed: `phase`, conditions as `Status/Reason`, and of operations the annotations that say who began them (`cause`); `null` is no longer there. */
export type Changes = Readonly<Record<string, string | null>>;

/** The history of one object: changes in bursts, a burst being what follows each other without a rest. */
export type History = readonly (readonly Changes[])[];

/** Phase `gone` stands for the deletion. */
export const gone = 'gone';

/** Collects the versions of objects as changes, in the order in which a watch tells of them. */
export class Transitions {
  readonly #names = new Map<string, string>();
  readonly #objects = new Map<string, { last: Record<string, string | null>; bursts: Changes[][]; atMs: number }>();
  readonly #restMs: number;

  /** `restMs`: how long an object has to be left alone for a burst to end. */
  constructor(restMs: number) {
    this.#restMs = restMs;
  }

  add(object: KubeObject, isDeleted: boolean, atMs: number): void {
    const uid = object.metadata.uid ?? '';
    const name = this.#names.get(uid) ?? nameOf(object);
    this.#names.set(uid, name);
    const known = this.#objects.get(name) ?? { last: {}, bursts: [], atMs };
    this.#objects.set(name, known);
    const state = isDeleted ? { phase: gone } : stateOf(object);
    const changes: Record<string, string | null> = {};
    for (const key of new Set([...Object.keys(known.last), ...Object.keys(state)])) {
      const value = state[key] ?? null;
      if ((known.last[key] ?? null) !== value) {
        changes[key] = value;
      }
    }
    known.last = state;
    if (Object.keys(changes).length > 0) {
      const isNewBurst = known.bursts.length === 0 || atMs - known.atMs >= this.#restMs;
      (isNewBurst ? known.bursts[known.bursts.push([]) - 1] : known.bursts.at(-1))?.push(changes);
      known.atMs = atMs;
    }
  }

  histories(): Readonly<Record<string, History>> {
    return Object.fromEntries([...this.#objects].map(([name, { bursts }]) => [name, bursts] as const).filter(([, bursts]) => bursts.length > 0).sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}

function stateOf(object: KubeObject): Record<string, string | null> {
  const phase = phaseOf(object);
  const conditions = conditionsOf(object).map(({ type, status, reason }) => [type, `${status}/${reason}`] as const);
  const cause = Object.entries(object.metadata.annotations ?? {}).filter(([key]) => object.kind === 'VirtualMachineOperation' && key.startsWith(`${platformGroup}/`)).map(([key, value]) => `${key.slice(platformGroup.length + 1)}=${value}`).join();
  return Object.fromEntries([...(phase === undefined ? [] : [['phase', phase] as const]), ...(cause === '' ? [] : [['cause', cause] as const]), ...conditions]);
}

/** `Kind/name`; what the platform names at random or by address is called after its owner. */
export function nameOf(object: KubeObject): string {
  const owner = object.metadata.ownerReferences?.[0]?.name;
  if (object.kind === 'VirtualMachineIPAddress' && owner) {
    return `${object.kind}/of ${owner}`;
  }
  if (object.kind === 'VirtualMachineIPAddressLease') {
    const address = stringAt(object, 'spec.virtualMachineIPAddressRef.name');
    return `${object.kind}/of ${address ? address.replace(/-[a-z0-9]{5}$/, '') : 'nobody'}`;
  }
  const started = object.kind === 'VirtualMachineOperation' ? /^(evacuation|firmware-update)-[a-z0-9]{5}$/.exec(object.metadata.name)?.[1] : undefined;
  return started ? `${object.kind}/${started} of ${stringAt(object, 'spec.virtualMachineName')}` : `${object.kind}/${object.metadata.name}`;
}

/** The values of one key over time, without repetitions; `null` where it was absent in between. */
export function trackOf(history: History, key: string): readonly (string | null)[] {
  return history.flat().flatMap((changes) => (key in changes ? [changes[key] ?? null] : []));
}

export function keysOf(history: History): readonly string[] {
  return [...new Set(history.flat().flatMap((changes) => Object.keys(changes)))].sort();
}

/** Every state an object went through, whole; `onlySettled`: the ones in which it rested. */
export function statesOf(history: History, onlySettled: boolean): readonly string[] {
  const state = new Map<string, string>();
  const states: string[] = [];
  for (const burst of history) {
    for (const [index, changes] of burst.entries()) {
      for (const [key, value] of Object.entries(changes)) {
        if (value === null || (key === 'phase' && value === gone)) {
          state.delete(key);
        } else {
          state.set(key, value);
        }
      }
      if (!onlySettled || index === burst.length - 1) {
        states.push([...state].sort(([a], [b]) => (a === 'phase' ? -1 : b === 'phase' ? 1 : a < b ? -1 : 1)).map(([key, value]) => `${key}=${value}`).join(' '));
      }
    }
  }
  return states;
}
