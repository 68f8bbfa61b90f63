// `npm run bench [-- --only NAME] [--scale PART] [--json PATH]`: every case in a process of its own, then a table.
import { spawn } from 'node:child_process';
import { readFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { cases } from './cases';
import { resultOf } from './measure';
import type { Measurement, Result } from './measure';

const { values } = parseArgs({ options: { only: { type: 'string', multiple: true }, scale: { type: 'string', default: '1' }, json: { type: 'string' } } });
const unknown = values.only?.find((name) => !cases.some((one) => one.name === name));
if (unknown !== undefined) {
  console.error(`There is no benchmark "${unknown}". They are: ${cases.map(({ name }) => name).join(', ')}.`);
  process.exit(1);
}
const results: Result[] = [];
for (const { name } of cases.filter(({ name, isRare }) => values.only?.includes(name) ?? !isRare)) {
  console.error(`${name} …`);
  try {
    results.push(...(await run(name)).map(resultOf));
  } catch (error) {
    // What the others have measured is still worth seeing.
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
if (results.some(({ failure }) => failure !== null)) {
  process.exitCode = 1;
}
console.log(table(results));
if (values.json !== undefined) {
  await writeFile(values.json, `${JSON.stringify(results, null, 2)}\n`);
}

async function run(name: string): Promise<readonly Measurement[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'dvp-bench-'));
  const file = path.join(folder, 'results.json');
  const child = spawn(process.execPath, ['--import', path.join(import.meta.dirname, 'compile.mjs'), '--expose-gc', '--max-old-space-size=4096', path.join(import.meta.dirname, 'runCase.ts'), name, file], { stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, DVP_BENCH_SCALE: values.scale } });
  const code = await new Promise((resolve) => child.once('exit', resolve));
  try {
    if (code !== 0) {
      throw new Error(`The benchmark "${name}" ended with ${String(code)}.`);
    }
    return JSON.parse(await readFile(file, 'utf8')) as Measurement[];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function table(rows: readonly Result[]): string {
  const lines = [['what', 'value', 'reference', 'ratio', 'goal', ''], ...rows.map((row) => [
    row.name, row.value === null ? 'not measured' : `${row.value} ${row.unit}`,
    row.reference ? `${row.reference.value} ${row.unit}, ${row.reference.name}` : '',
    row.ratio === null ? '' : String(row.ratio),
    row.goal ? `${row.goal.on} ${row.goal.op} ${row.goal.limit}` : '',
    row.met === null ? '' : row.met ? 'met' : 'MISSED',
  ])];
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  const failures = rows.flatMap(({ name, failure }) => (failure === null ? [] : [`${name}: ${failure}`]));
  return [...lines.map((line) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd()), ...failures].join('\n');
}
