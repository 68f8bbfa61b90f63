import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { root } from './paths';

/** One line of a results file. Every runner appends such lines as it goes, so that a run that hangs tells where. */
export interface TestEvent {
  readonly state: 'started' | 'passed' | 'failed' | 'skipped';
  readonly name: string;
  /** Absolute path, where the runner knows it. */
  readonly file?: string;
  /** Why it was skipped, or the error with its stack. */
  readonly detail?: string;
}

export interface PartResult {
  readonly passed: number;
  readonly failures: readonly TestEvent[];
  readonly skips: readonly TestEvent[];
}

/** What a results file says so far; nothing when it does not exist. */
export async function readResults(file: string): Promise<{ readonly result: PartResult; readonly unfinished: readonly TestEvent[] }> {
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n').filter(Boolean);
  const events = lines.map((line) => JSON.parse(line) as TestEvent);
  const ended = new Set(events.filter(({ state }) => state !== 'started').map(keyOf));
  return {
    result: {
      passed: events.filter(({ state }) => state === 'passed').length,
      failures: events.filter(({ state }) => state === 'failed'),
      skips: events.filter(({ state }) => state === 'skipped'),
    },
    unfinished: events.filter((event) => event.state === 'started' && !ended.has(keyOf(event))),
  };
}

export function describeTest({ name, file }: TestEvent): string {
  return file ? `${path.relative(root, file)}: ${name}` : name;
}

function keyOf({ file, name }: TestEvent): string {
  return `${file ?? ''}\n${name}`;
}
