// `npm test`: every part in turn, or those named as arguments. The last line is always "N passed, N failed, N skipped".
import type { ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { resultsFolder, root } from './paths';
import { end, exitOf, start } from './processes';
import { parts } from './testParts';
import type { Command, Part } from './testParts';
import { describeTest, readResults } from './testResults';
import type { PartResult, TestEvent } from './testResults';

/** Of each error; the rest is in the results file. */
const shownLines = 60;

let running: ChildProcess | undefined;
const temporary = await mkdtemp(path.join(tmpdir(), 'dvp-'));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => { void stop(); });
}
try {
  await main(process.argv.slice(2));
} finally {
  await rm(temporary, { recursive: true, force: true, maxRetries: 5 });
}

async function main(names: readonly string[]): Promise<void> {
  const unknown = names.find((name) => !parts.some((part) => part.name === name));
  if (unknown !== undefined) {
    console.error(`There is no part "${unknown}". The parts are: ${parts.map(({ name }) => name).join(', ')}.`);
    process.exitCode = 1;
    return;
  }
  await mkdir(resultsFolder, { recursive: true });
  const results: PartResult[] = [];
  for (const part of parts.filter(({ name }) => names.length === 0 || names.includes(name))) {
    results.push(await runPart(part));
  }
  const skips = results.flatMap((result) => result.skips);
  for (const skip of skips) {
    console.log(`skipped: ${describeTest(skip)}: ${skip.detail ?? 'no reason given'}`);
  }
  const failed = sum(results, ({ failures }) => failures.length);
  console.log(`${sum(results, ({ passed }) => passed)} passed, ${failed} failed, ${skips.length} skipped`);
  process.exitCode = failed > 0 ? 1 : 0;
}

async function runPart(part: Part): Promise<PartResult> {
  const startedAt = performance.now();
  const result = await resultOf(part);
  for (const failure of result.failures) {
    console.log(`\nfailed: ${describeTest(failure)}\n${(failure.detail ?? '').split('\n').slice(0, shownLines).join('\n')}`);
  }
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(`${part.name}: ${result.passed} passed, ${result.failures.length} failed, ${result.skips.length} skipped in ${seconds} s`);
  return result;
}

async function resultOf(part: Part): Promise<PartResult> {
  const file = path.join(resultsFolder, `${part.name}.jsonl`);
  await rm(file, { force: true });
  let command;
  try {
    command = await part.prepare(file);
  } catch (error) {
    return failure({ state: 'failed', name: part.name, detail: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
  if ('skip' in command) {
    return { passed: 0, failures: [], skips: [{ state: 'skipped', name: part.name, detail: command.skip }] };
  }
  const code = await execute(command, part.limitMinutes, file);
  const { result, unfinished } = await readResults(file);
  if (code === undefined) {
    const where = unfinished.slice(-5).map(describeTest).join('; ');
    return failure({ state: 'failed', name: part.name, detail: `Not done after ${part.limitMinutes} minutes, so it was ended.${where ? ` Unfinished: ${where}` : ''}` }, result);
  }
  if (code !== 0 && result.failures.length === 0) {
    return failure({ state: 'failed', name: part.name, detail: `Ended with code ${code}; what it wrote is above.` }, result);
  }
  const total = result.passed + result.failures.length + result.skips.length;
  return total > 0 ? result : { passed: 1, failures: [], skips: [] };
}

async function execute({ args, env }: Command, limitMinutes: number, file: string): Promise<number | undefined> {
  // Whatever a test leaves behind when it is ended by force goes with the folder.
  const folders = process.platform === 'linux' ? { TMPDIR: temporary } : {};
  running = start(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...folders, ...env, DVP_TEST_RESULTS: file } });
  const code = await exitOf(running, limitMinutes * 60_000);
  running = undefined;
  return code;
}

function failure(event: TestEvent, result: PartResult = { passed: 0, failures: [], skips: [] }): PartResult {
  return { ...result, failures: [...result.failures, event] };
}

function sum(results: readonly PartResult[], count: (result: PartResult) => number): number {
  return results.reduce((total, result) => total + count(result), 0);
}

async function stop(): Promise<void> {
  if (running) {
    await end(running);
  }
  await rm(temporary, { recursive: true, force: true, maxRetries: 5 });
  process.exit(130);
}
