import assert from 'node:assert/strict';
import { CancellationError } from 'vscode';
import { ClusterError } from '../../../src/cluster/errors';
import type { Log } from '../../../src/vscode/log';
import { createReport, UserError } from '../../../src/vscode/report';

function reportWithLog() {
  const lines: string[] = [];
  return { report: createReport({ error: (line: string) => lines.push(line) } as unknown as Log), lines };
}

suite('Report', () => {
  test('gives back what the action gives', async () => {
    assert.equal(await reportWithLog().report.run('Adding', () => 1 + 1), 2);
  });

  test('a cancellation is silent', async () => {
    const { report, lines } = reportWithLog();
    for (const error of [new CancellationError(), new DOMException('Stopped', 'AbortError')]) {
      assert.equal(await report.run('Copying', () => Promise.reject(error)), undefined);
      report.background('Copying', error);
    }
    assert.deepEqual(lines, []);
  });

  test('a failure of the cluster is logged in a line, without a stack', async () => {
    const { report, lines } = reportWithLog();
    assert.equal(await report.run('Stopping', () => Promise.reject(new ClusterError('forbidden', 'not for you'))), undefined);
    assert.deepEqual(lines, ['Stopping: not for you']);
  });

  test('what was not foreseen is logged with its stack, and never thrown', async () => {
    const { report, lines } = reportWithLog();
    assert.equal(await report.run('Stopping', () => { throw new TypeError('x is not a function'); }), undefined);
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? '', /^Stopping: TypeError: x is not a function\n\s+at /);
  });

  test('what the user can act on keeps its buttons', () => {
    const button = { title: 'Open settings', command: 'dvp.settings.open' };
    assert.deepEqual(new UserError('read-only', [button]).buttons, [button]);
  });
});
