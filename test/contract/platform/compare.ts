import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { keysOf, statesOf, trackOf, type History } from './transitions';

type Histories = Readonly<Record<string, History>>;

const recorded = JSON.parse(readFileSync(path.join(import.meta.dirname, 'recorded.json'), 'utf8')) as Readonly<Record<string, Histories>>;

export interface Tolerance {
  /** Objects that the recording has and the scenario does not play, each with its reason. */
  readonly skip?: Readonly<Record<string, string>>;
  /** Objects whose story goes on after the end of the recording. */
  readonly goesOn?: readonly string[];
  /** Conditions that may leave a value and return to it at once, as races on the platform made them. */
  readonly flickers?: readonly string[];
  /** Values that the platform wrote only sometimes on the way from one to another: `[before, value, after]`. */
  readonly passing?: readonly (readonly [string, string, string | null])[];
  /** Conditions of single objects that are not compared, with the reason: `Kind/name condition`. */
  readonly ignore?: Readonly<Record<string, string>>;
}

/**
 * Holds a scenario against its recording: per object the sequence of phases and of each condition's status and reason is
 * the recorded one, and the whole states in which the recorded object rested come in the same order.
 */
export function compare(scenario: string, played: Histories, tolerance: Tolerance = {}): void {
  const wanted = recorded[scenario];
  assert.ok(wanted, `no recording ${scenario}`);
  const differences: string[] = [];
  for (const [object, history] of Object.entries(wanted)) {
    if (object in (tolerance.skip ?? {})) {
      continue;
    }
    const own = played[object] ?? [];
    for (const key of new Set([...keysOf(history), ...keysOf(own)])) {
      if (`${object} ${key}` in (tolerance.ignore ?? {})) {
        continue;
      }
      const fold = (track: Track) => withoutPassing(tolerance.flickers?.includes(key) ? withoutFlickers(track) : track, tolerance.passing ?? []);
      const expected = fold(trackOf(history, key));
      const whole = fold(trackOf(own, key));
      const actual = tolerance.goesOn?.includes(object) ? whole.slice(0, expected.length) : whole;
      if (JSON.stringify(expected) !== JSON.stringify(actual)) {
        differences.push(`${object} ${key}\n  recorded ${expected.join(' → ')}\n  played   ${actual.join(' → ')}`);
      }
    }
  }
  assert.equal(differences.join('\n'), '');
  for (const [object, history] of Object.entries(wanted)) {
    if (!(object in (tolerance.skip ?? {}))) {
      assertSettled(object, history, played[object] ?? [], tolerance);
    }
  }
}

/** The states in which the recorded object rested are among the played ones, in the same order. */
function assertSettled(object: string, history: History, own: History, tolerance: Tolerance): void {
  const loose = [...(tolerance.flickers ?? []), ...Object.keys(tolerance.ignore ?? {}).filter((key) => key.startsWith(`${object} `)).map((key) => key.slice(object.length + 1))];
  const strip = (state: string) => state.split(' ').filter((part) => !loose.includes(part.split('=')[0] ?? '')).join(' ');
  const states = statesOf(own, false).map(strip);
  let from = 0;
  for (const state of statesOf(history, true).map(strip)) {
    const found = states.indexOf(state, from);
    assert.ok(found >= 0, `${object} never was, after the states before it,\n  ${state}\nbut\n  ${states.slice(from).join('\n  ')}`);
    from = found;
  }
}

type Track = readonly (string | null)[];

function withoutPassing(track: Track, passing: readonly (readonly (string | null)[])[]): Track {
  return track.filter((value, index) => !passing.some(([before, passed, next]) => value === passed && track[index - 1] === before && track[index + 1] === next));
}

/** A → B → A is A. */
function withoutFlickers(track: Track): Track {
  const kept: (string | null)[] = [];
  for (const value of track) {
    if (kept.length >= 2 && kept.at(-2) === value) {
      kept.pop();
    } else {
      kept.push(value);
    }
  }
  return kept;
}
