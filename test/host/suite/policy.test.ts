import assert from 'node:assert/strict';
import { ConfigurationTarget, workspace } from 'vscode';
import { Memory } from '../../../src/vscode/memory';
import { PluginPolicy } from '../../../src/vscode/pluginPolicy';
import type { Report } from '../../../src/vscode/report';

class Store {
  readonly values = new Map<string, unknown>();
  get<T>(key: string): T | undefined {
    return this.values.get(key) as T | undefined;
  }
  update(key: string, value: unknown): Promise<void> {
    this.values.set(key, value);
    return Promise.resolve();
  }
}

/** A policy whose questions are answered from a list: the position of the answer among those offered, `undefined` to turn away. */
function policyWith(answers: (number | undefined)[], globalState = new Store()) {
  const asked: string[] = [];
  const report = {
    choose: (question: string, detail: string, ...offered: string[]) => {
      asked.push(`${question}\n${detail}`);
      const position = answers.shift();
      return Promise.resolve(position === undefined ? undefined : offered[position]);
    },
  } as unknown as Report;
  const memory = new Memory({ workspaceState: new Store(), globalState } as unknown as ConstructorParameters<typeof Memory>[0]);
  return { policy: new PluginPolicy(memory, report), asked, globalState };
}

suite('F33: credential programs', () => {
  test('an unknown program is asked about with its full path and arguments, and remembered', async () => {
    const { policy, asked, globalState } = policyWith([0]);
    policy.userActed();
    assert.equal(await policy.mayRun('/usr/bin/login', ['--for', 'prod']), true);
    assert.ok(asked[0]?.includes('/usr/bin/login --for prod'));
    assert.equal(await policy.mayRun('/usr/bin/login', ['--for', 'prod']), true);
    assert.equal(asked.length, 1);
    const later = policyWith([], globalState);
    assert.equal(await later.policy.mayRun('/usr/bin/login', ['--for', 'prod']), true);
  });

  test('other arguments are another question', async () => {
    const { policy, asked } = policyWith([0, undefined]);
    policy.userActed();
    assert.equal(await policy.mayRun('/usr/bin/login', ['a']), true);
    assert.equal(await policy.mayRun('/usr/bin/login', ['b']), false);
    assert.equal(asked.length, 2);
  });

  test('arguments are not kept in readable form', async () => {
    const { policy, globalState } = policyWith([0]);
    policy.userActed();
    await policy.mayRun('/usr/bin/login', ['--password=hunter2']);
    assert.ok(!JSON.stringify([...globalState.values]).includes('hunter2'));
  });

  test('nothing is asked in the background, nor again after the user turned away', async () => {
    const { policy, asked } = policyWith([undefined, 1]);
    assert.equal(await policy.mayRun('/usr/bin/login', []), false);
    assert.equal(asked.length, 0);
    policy.userActed();
    assert.equal(await policy.mayRun('/usr/bin/login', []), false);
    assert.equal(await policy.mayRun('/usr/bin/login', []), false);
    assert.equal(asked.length, 1);
    policy.userActed();
    assert.equal(await policy.mayRun('/usr/bin/login', []), true);
  });

  test('two contexts that ask at the same time make one question', async () => {
    const { policy, asked } = policyWith([1]);
    policy.userActed();
    assert.deepEqual(await Promise.all([policy.mayRun('/usr/bin/login', []), policy.mayRun('/usr/bin/login', [])]), [true, true]);
    assert.equal(asked.length, 1);
  });

  test('what was allowed once is asked again after a restart, what was forgotten at once', async () => {
    const { policy, asked, globalState } = policyWith([1, 0, undefined]);
    policy.userActed();
    await policy.mayRun('/usr/bin/login', []);
    assert.equal(await policyWith([], globalState).policy.mayRun('/usr/bin/login', []), false);
    policy.forget();
    await policy.mayRun('/usr/bin/login', []);
    policy.forget();
    assert.equal(await policy.mayRun('/usr/bin/login', []), false);
    assert.equal(asked.length, 3);
  });

  test('the setting allows or denies all without a question', async () => {
    const configuration = () => workspace.getConfiguration('dvp');
    try {
      for (const [value, expected] of [['allow', true], ['deny', false]] as const) {
        await configuration().update('credentialPlugins', value, ConfigurationTarget.Global);
        const { policy, asked } = policyWith([]);
        policy.userActed();
        assert.equal(await policy.mayRun('/usr/bin/login', []), expected);
        assert.equal(asked.length, 0);
      }
    } finally {
      await configuration().update('credentialPlugins', undefined, ConfigurationTarget.Global);
    }
  });
});
