import type { TestEvent as NodeTestEvent } from 'node:test/reporters';
import { inspect } from 'node:util';
import type { TestEvent } from './testResults';

/** A reporter of node:test that writes the lines of a results file. */
async function* reporter(source: AsyncIterable<NodeTestEvent>): AsyncGenerator<string> {
  for await (const event of source) {
    const line = lineOf(event);
    if (line) {
      yield `${JSON.stringify(line)}\n`;
    }
  }
}

export { reporter as default };

function lineOf({ type, data }: NodeTestEvent): TestEvent | undefined {
  if (type === 'test:start') {
    return { state: 'started', name: data.name, ...fileOf(data) };
  }
  if (type !== 'test:pass' && type !== 'test:fail') {
    return undefined;
  }
  if (data.skip !== undefined && data.skip !== false) {
    return { state: 'skipped', name: data.name, ...fileOf(data), ...(typeof data.skip === 'string' ? { detail: data.skip } : {}) };
  }
  const error = type === 'test:fail' ? data.details.error : undefined;
  const isSuite = data.details.type === 'suite';
  if (isSuite && (!error || (error as { failureType?: string }).failureType === 'subtestsFailed')) {
    return undefined;
  }
  return error
    ? { state: 'failed', name: data.name, ...fileOf(data), detail: inspect(error.cause ?? error, { depth: 4 }) }
    : { state: 'passed', name: data.name, ...fileOf(data) };
}

function fileOf({ file }: { readonly file?: string }): { readonly file?: string } {
  return file ? { file } : {};
}
