import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describe as describeObject } from '../../../src/domain/describe';
import { escapeMarkdown, plainLine } from '../../../src/domain/markdown';
import { tooltipOf } from '../../../src/domain/tooltip';
import { FakeView } from './fakeView';
import { ago, condition, machine, nowMs, object } from './objects';

const broken = machine('db', 'Pending', {
  spec: { cpu: { cores: 18, coreFraction: '20%' }, blockDeviceRefs: [{ kind: 'VirtualDisk', name: 'data' }] },
  status: { conditions: [
    condition('BlockDevicesReady', 'False', 'BlockDevicesNotReady', { message: 'Waiting for block device "data" to be ready to use.' }),
    condition('Running', 'False', 'NotRunning'),
    condition('AgentReady', 'True', 'AgentReady'),
  ] },
});

describe('the tooltip', () => {
  const text = tooltipOf(broken, new FakeView([broken]), nowMs);

  it('begins with phase and age', () => assert.match(text, /^\*\*db\*\* · Pending · 10 min\n/));

  it('has facts in two columns', () => {
    assert.ok(text.includes('| CPU | 18 cores \\(2 sockets × 9\\)\\, 20\\% guaranteed |'), text);
    assert.ok(text.includes('| Memory | 4 GiB |'));
  });

  it('explains what is wrong and what to do, then quotes the platform, then gives the reason for those who search', () => {
    assert.ok(text.includes('**A disk or image is missing\\, not ready\\, being deleted\\, or used elsewhere\\.** Look at the disks below the machine'), text);
    assert.ok(text.includes('> Waiting for block device \\"data\\" to be ready to use\\.'));
    assert.ok(text.includes('*BlockDevicesReady · BlockDevicesNotReady*'));
  });

  it('says what is wrong before the facts, because what is long is cut off below', () => {
    assert.ok(text.indexOf('BlockDevicesReady') < text.indexOf('| CPU |'), text);
  });

  it('explains one problem as a whole, the one that decides, and the others in a line each', () => {
    const twice = machine('twice', 'Running', { status: { conditions: [
      condition('AwaitingRestartToApplyConfiguration', 'True', 'ChangesPendingRestart', { message: 'Waits.' }),
      condition('Running', 'True', 'NoBootableDevice', { message: 'No disk.' }),
    ] } });
    const lines = tooltipOf(twice, new FakeView([twice]), nowMs).split('\n').filter(Boolean);
    assert.deepEqual(lines.slice(1, 4).map((line) => line.slice(0, 12)), ['**The machin', '> No disk\\.', '*Running · N']);
    assert.match(lines[4] ?? '', /^- .*\*AwaitingRestartToApplyConfiguration · ChangesPendingRestart\*$/);
    assert.ok(!lines.some((line) => line.startsWith('> Waits')));
  });

  it('shows progress only of what progresses', () => {
    const disk = (phase: string) => object('VirtualDisk', { name: 'data', status: { phase, progress: '100%' } });
    assert.doesNotMatch(tooltipOf(disk('Ready'), new FakeView(), nowMs), /Progress/);
    assert.match(tooltipOf(disk('Provisioning'), new FakeView(), nowMs), /Progress \| 100 /);
  });

  it('does not repeat what is good or only follows', () => {
    assert.ok(!text.includes('AgentReady') && !text.includes('NotRunning'));
  });

  it('ends with the last three events', () => {
    const events = [1, 2, 3, 4].map((minutes) => ({
      apiVersion: 'v1', kind: 'Event', metadata: { name: `e${minutes}`, namespace: 'prod' }, type: minutes === 1 ? 'Warning' : 'Normal', reason: `Reason${minutes}`, message: 'Text', lastTimestamp: ago(minutes * 60),
      involvedObject: { kind: 'VirtualMachine', name: 'db', namespace: 'prod' },
    }));
    const lines = tooltipOf(broken, new FakeView([broken, ...events]), nowMs).split('\n').filter((line) => line.startsWith('- '));
    assert.deepEqual(lines, ['- 1 min · **Reason1**: Text', '- 2 min · Reason2: Text', '- 3 min · Reason3: Text']);
  });

  it('says when it is old news', () => {
    const stale = new FakeView([broken], { states: { VirtualMachine: { phase: 'stale', sinceMs: nowMs - 120_000, problem: { reason: 'unreachable', message: 'gone' } } } });
    assert.match(tooltipOf(broken, stale, nowMs), /Last seen 2 min ago/);
  });

  it('says when the platform has not looked at the last change', () => {
    const edited = machine('db', 'Running', { metadata: { generation: 5 }, status: { observedGeneration: 4 } });
    assert.match(tooltipOf(edited, new FakeView(), nowMs), /has not looked at the last change yet/);
  });

  it('F37: text of the cluster brings no Markdown, links, commands, pictures, HTML or lines of its own', () => {
    const evil = '[click](command:rm) <img src=x onerror=1> ![p](http://x/y.png) **b** `c` $(zap) | https://evil.example\n\n# head\n- item\u202e&lt;script&gt;';
    const object1 = machine('web', 'Running', { spec: { virtualMachineClassName: evil }, status: { nodeName: evil, guestOSInfo: { prettyName: evil }, conditions: [condition('Odd', 'False', evil, { message: evil }), condition('EvictionRequired', 'True', 'EvictionRequired', { message: evil })] } });
    const event = { apiVersion: 'v1', kind: 'Event', metadata: { name: 'e', namespace: 'prod' }, reason: evil, message: evil, type: 'Normal', lastTimestamp: ago(5), involvedObject: { kind: 'VirtualMachine', name: 'web', namespace: 'prod' } };
    const shown = tooltipOf(object1, new FakeView([object1, event]), nowMs);
    const bare = shown.replace(/\\[!-/:-@[-`{-~]/g, '');
    for (const sign of ['[', '](', '<', '![', '`', '$(', 'https:', '#', '&', '\u202e']) {
      assert.ok(!bare.includes(sign), `"${sign}" is not escaped in ${bare}`);
    }
    assert.ok(shown.split('\n').every((line) => !/^(# |- item)/.test(line)));
  });
});

describe('secrets', () => {
  it('F40: upload addresses and credentials in addresses are not shown', () => {
    const image = object('VirtualImage', {
      name: 'i', spec: { dataSource: { type: 'HTTP', http: { url: 'https://bob:hunter2@images.example/a.qcow2?token=s3cret' } } },
      status: { phase: 'WaitForUserUpload', imageUploadURLs: { external: 'https://upload.example/secret-path', inCluster: 'http://10.0.0.1/upload' } },
    });
    const view = new FakeView([image]);
    const shown = tooltipOf(image, view, nowMs).replaceAll('\\', '') + describeObject(image, view, nowMs);
    assert.ok(shown.includes('https://images.example/a.qcow2'));
    assert.ok(!/hunter2|s3cret|secret-path|10\.0\.0\.1/.test(shown), shown);
  });
});

describe('escaping', () => {
  it('keeps what people read', () => {
    assert.equal(escapeMarkdown('node-a1 (Debian) *x*').replaceAll('\\', ''), 'node-a1 (Debian) *x*');
  });

  it('puts everything in one line of bearable length', () => {
    assert.equal(plainLine('a\r\nb\tc\u0000d'), 'a b c d');
    assert.equal(plainLine('x'.repeat(1000)).length, 401);
  });
});

describe('the description', () => {
  const disk = object('VirtualDisk', { name: 'data', status: { phase: 'Provisioning', progress: '50.0%' } });
  const text = describeObject(broken, new FakeView([broken, disk], { states: { Event: { phase: 'unlisted' } } }), nowMs);

  it('has facts, conditions in plain words, and what belongs to it', () => {
    assert.match(text, /^VirtualMachine db\n/);
    assert.match(text, /\n {2}! BlockDevicesReady: False, BlockDevicesNotReady \(5 min\)\n/);
    assert.match(text, /\n {2}\+ AgentReady: True, AgentReady \(5 min\)\n {6}The guest agent answers/);
    assert.match(text, /VirtualDisk data: +Provisioning 50 %/);
  });

  it('begins with what is wrong and what to do next', () => {
    assert.match(text, /What is wrong:\n {2}A disk or image is missing[^\n]*\n {6}Next: Look at the disks[^\n]*\n {6}The platform says: Waiting for block device[^\n]*\n\nFacts:/);
  });

  it('marks conditions by what they mean, not by their status', () => {
    const unbootable = machine('x', 'Running', { status: { conditions: [condition('Running', 'True', 'NoBootableDevice')] } });
    assert.match(describeObject(unbootable, new FakeView([unbootable]), nowMs), /\n {2}! Running: True, NoBootableDevice/);
    const off = machine('y', 'Stopped', { status: { conditions: [condition('Running', 'False', 'NotRunning')] } });
    const shown = describeObject(off, new FakeView([off]), nowMs);
    assert.match(shown, /\n {4}Running: False, NotRunning/);
    assert.doesNotMatch(shown, /What is/);
  });

  it('does not say "none" of events that it does not know', () => assert.match(text, /Events:\n {2}not known/));
});
