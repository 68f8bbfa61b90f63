import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { whyNoRealApi } from '../cluster/kube/realApi';
import { startClusterProcess } from './clusterProcess';
import { Editor } from './editor';

const noRealApi = whyNoRealApi();

test('a machine is stopped and started from the live tree, which survives the end of the cluster', (t) => story(t.signal, 'own'));

test('the same on a real API server', { skip: noRealApi ?? false }, (t) => story(t.signal, 'real'));

async function story(signal: AbortSignal, api: 'own' | 'real'): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'dvp-story-'));
  const kubeconfig = path.join(folder, 'kubeconfig');
  let cluster = await startClusterProcess({ kubeconfig, api });
  const editor = await Editor.open({ kubeconfig });
  try {
    await editor.showClusters();
    const context = editor.row('admin');
    await context.waitFor();
    const machine = editor.row('ledger-01');
    await editor.waitForText(context, /live/);
    await editor.waitForText(machine, /Running, node-a2/);
    await editor.screenshot(`story-${api}-1-live`);

    await editor.choose(machine, 'Stop');
    assert.match(await editor.answer('Stop'), /"ledger-01"[^]*"billing"[^]*"admin"/);
    await editor.waitForText(machine, /Stopping/);
    await editor.screenshot(`story-${api}-2-stopping`);
    await editor.waitForText(machine, /Stopped/);

    await editor.choose(machine, 'Start');
    await editor.waitForText(machine, /Starting/);
    await editor.screenshot(`story-${api}-3-starting`);
    await editor.waitForText(machine, /Running/);

    await cluster.kill();
    await editor.waitForText(context, /last seen/);
    await editor.row(/refused the connection|was cut/).waitFor();
    await editor.waitForText(machine, /Running/);
    await editor.screenshot(`story-${api}-4-lost`);

    cluster = await startClusterProcess({ kubeconfig, api, port: cluster.port });
    await editor.waitForText(context, /live/);
    await editor.row(/refused the connection|was cut/).waitFor({ state: 'hidden' });
    await editor.waitForText(machine, /Running/);
    await editor.screenshot(`story-${api}-5-back`);
    signal.throwIfAborted();
  } catch (error) {
    await editor.screenshot(`story-${api}-failed`);
    throw error;
  } finally {
    await editor.close();
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
