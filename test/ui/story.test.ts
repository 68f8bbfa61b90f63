import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whyNoRealApi } from '../cluster/kube/realApi';
import { withEditor } from './withEditor';

const noRealApi = whyNoRealApi();

test('a machine is stopped and started from the live tree, which survives the end of the cluster', () => story('own'));

test('the same on a real API server', { skip: noRealApi ?? false }, () => story('real'));

function story(api: 'own' | 'real'): Promise<void> {
  return withEditor({ name: `story-${api}`, cluster: ['--api', api] }, async ({ editor, cluster }) => {
    await editor.showClusters();
    const context = editor.row('admin');
    await context.waitFor();
    const machine = editor.row('ledger-01');
    await editor.waitForText(context, /live/);
    await editor.waitForText(machine, /Running, node-a2/);
    await editor.screenshot(`story-${api}-1-live`);

    await editor.choose(machine, 'Stop');
    assert.match(await editor.answer('Stop'), /"ledger-01"[^]*"billing"[^]*"admin"/);
    // These phases pass in two seconds, which a busy computer may miss.
    await editor.waitForText(machine, /Stopping|Stopped/);
    await editor.screenshot(`story-${api}-2-stopping`);
    await editor.waitForText(machine, /Stopped/);

    await editor.choose(machine, 'Start');
    await editor.waitForText(machine, /Starting|Running/);
    await editor.screenshot(`story-${api}-3-starting`);
    await editor.waitForText(machine, /Running/);

    await cluster.kill();
    await editor.waitForText(context, /last seen/);
    await editor.row(/refused the connection|was cut/).waitFor();
    await editor.waitForText(machine, /Running/);
    await editor.screenshot(`story-${api}-4-lost`);

    await cluster.startAgain();
    await editor.waitForText(context, /live/);
    await editor.row(/refused the connection|was cut/).waitFor({ state: 'hidden' });
    await editor.waitForText(machine, /Running/);
    await editor.screenshot(`story-${api}-5-back`);
  });
}
