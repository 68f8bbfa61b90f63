import { appendFileSync } from 'node:fs';
import Mocha from 'mocha';
import type { TestEvent } from '../../scripts/testResults';
import { skipReasons } from './skip';

/** Runs suites inside the extension host with mocha's `suite` and `test`, appending what happens to the results file. Rejects when a test failed. */
export function runSuites(load: readonly (() => unknown)[]): Promise<void> {
  const mocha = new Mocha({ ui: 'tdd', color: false, timeout: 90_000, reporter: 'spec' });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  for (const suite of load) {
    suite();
  }
  return new Promise((resolve, reject) => {
    const runner = mocha.run((failures) => {
      if (failures > 0) {
        reject(new Error(`${failures} tests failed`));
      } else {
        resolve();
      }
    });
    runner.on('test', (test) => { write({ state: 'started', name: test.fullTitle() }); });
    runner.on('pass', (test) => { write({ state: 'passed', name: test.fullTitle() }); });
    runner.on('fail', (test, error: Error) => { write({ state: 'failed', name: test.fullTitle(), detail: error.stack ?? error.message }); });
    runner.on('pending', (test) => {
      const reason = skipReasons.get(test.fullTitle());
      write({ state: 'skipped', name: test.fullTitle(), ...(reason ? { detail: reason } : {}) });
    });
  });
}

function write(event: TestEvent): void {
  const file = process.env.DVP_TEST_RESULTS;
  if (file) {
    appendFileSync(file, `${JSON.stringify(event)}\n`);
  }
}
