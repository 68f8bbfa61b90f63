import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ConnectionState, ServedKind } from '../../../src/domain/clusterView';
import type { Problem } from '../../../src/domain/problem';
import { childrenOf } from '../../../src/domain/tree';
import { rowOf } from '../../../src/domain/treeRow';
import type { TreeNode } from '../../../src/domain/treeNode';
import { FakeView, served } from './fakeView';
import { kinds } from '../../../src/domain/kinds/index';
import { ago, condition, machine, nowMs, object } from './objects';
import { find, lines, treeOf } from './outline';

const forbidden: Problem = { reason: 'forbidden', message: 'virtualdisks is forbidden: User "eve" cannot list', hint: 'Ask for rights.' };
const unreachable: Problem = { reason: 'unreachable', message: 'Cannot connect to 10.0.0.1: refused.' };
const running = (node: string, ipAddress: string) => ({ status: { nodeName: node, ipAddress } });

describe('a context', () => {
  const look = (connection: ConnectionState) => rowOf(find(treeOf(new FakeView([], { connection })), 'demo'), treeOf(new FakeView([], { connection })));

  it('shows the usual kinds, and the others under "More"', () => {
    const labels = lines(treeOf(new FakeView()), 'demo');
    assert.deepEqual(labels, ['Machines | 0', 'Disks | 0', 'Images | 0', 'Cluster images | 0', 'Operations | 0', 'Machine snapshots | 0', 'Disk snapshots | 0', 'IP addresses | 0', 'Classes | 0', 'More']);
    assert.ok(lines(treeOf(new FakeView()), 'demo', 'More').includes('Attachments | 0'));
  });

  it('shows a platform kind that nobody has heard of, and nothing of other groups', () => {
    const widget: ServedKind = { ...served(kinds.VirtualMachine), id: 'VirtualWidget.virtualization.deckhouse.io', name: 'VirtualWidget', title: 'VirtualWidget', plural: 'virtualwidgets' };
    const foreign: ServedKind = { ...widget, id: 'Widget.example.org', group: 'example.org' };
    const more = lines(treeOf(new FakeView([], { further: [widget, foreign] })), 'demo', 'More');
    assert.ok(more.some((line) => line.startsWith('VirtualWidget')));
    assert.ok(!more.some((line) => line.startsWith('Widget')));
  });

  it('that nobody connected to offers to connect', () => {
    const input = treeOf(undefined);
    assert.deepEqual(lines(input), ['demo | not connected']);
    const [note] = childrenOf(find(input, 'demo'), input);
    assert.ok(note);
    assert.deepEqual(rowOf(note, input).action, { title: 'Connect', do: 'connect' });
  });

  it('says how it is connected', () => {
    assert.equal(look({ phase: 'live' }).description, 'live');
    assert.equal(look({ phase: 'connecting' }).icon, 'loading~spin');
    assert.equal(look({ phase: 'lost', sinceMs: nowMs - 130_000, problem: unreachable }).description, 'last seen 2 min ago');
    const failed = look({ phase: 'failed', problem: unreachable });
    assert.deepEqual([failed.description, failed.tooltip], ['the cluster cannot be reached', unreachable.message]);
  });

  it('whose connection is lost keeps what was known and says what is wrong first', () => {
    const input = treeOf(new FakeView([machine('web', 'Running')], { connection: { phase: 'lost', sinceMs: nowMs - 130_000, problem: unreachable }, states: { VirtualMachine: { phase: 'stale', sinceMs: nowMs - 130_000, problem: unreachable } } }));
    assert.deepEqual(lines(input, 'demo').slice(0, 2), ['Cannot connect to 10.0.0.1: refused', 'Machines | 1']);
    assert.equal(rowOf(find(input, 'demo', 'Machines'), input).color, 'disabledForeground');
    assert.equal(rowOf(find(input, 'demo', 'Machines', 'web'), input).color, 'disabledForeground');
  });

  it('of which one kind alone is no longer heard says so at that kind', () => {
    const input = treeOf(new FakeView([machine('web', 'Running')], { states: { VirtualMachine: { phase: 'stale', sinceMs: nowMs - 130_000, problem: unreachable } } }));
    assert.ok(lines(input, 'demo').includes('Machines | 1 · last seen 2 min ago'));
  });

  it('that never was connected names the cause once and counts down to the next try', () => {
    const view = new FakeView([], { connection: { phase: 'failed', retryAtMs: nowMs + 7_200, problem: { ...unreachable, hint: 'Check the address.' } }, isDiscovered: false });
    assert.deepEqual(lines(treeOf(view)), ['demo | the cluster cannot be reached']);
    assert.deepEqual(lines(treeOf(view), 'demo'), ['Cannot connect to 10.0.0.1: refused | trying again in 8 s']);
    assert.deepEqual(lines(treeOf(view, { nowMs: nowMs + 7_300 }), 'demo'), ['Cannot connect to 10.0.0.1: refused | trying again']);
    const [note] = childrenOf(find(treeOf(view), 'demo'), treeOf(view));
    assert.ok(note);
    const row = rowOf(note, treeOf(view));
    assert.deepEqual([row.action?.do, row.tooltip], ['retry', `${unreachable.message}\n\nCheck the address.`]);
  });

  it('without the platform says so', () => {
    const input = treeOf(new FakeView([], { without: Object.keys(kinds) }));
    assert.deepEqual(lines(input, 'demo'), ['This cluster has no virtualization.']);
    const [note] = childrenOf(find(input, 'demo'), input);
    assert.equal(note && rowOf(note, input).icon, 'info');
  });
});

describe('a kind', () => {
  it('that may not be listed is not shown as empty', () => {
    const input = treeOf(new FakeView([], { states: { VirtualDisk: { phase: 'failed', problem: forbidden } } }));
    assert.equal(rowOf(find(input, 'demo', 'Disks'), input).description, 'you may not look at this');
    const [note] = childrenOf(find(input, 'demo', 'Disks'), input);
    assert.ok(note);
    const row = rowOf(note, input);
    assert.deepEqual([row.label, row.tooltip], ['You may not look at this', `${forbidden.message}\n\n${forbidden.hint}`]);
  });

  it('that is not listed yet loads', () => {
    const input = treeOf(new FakeView([], { states: { VirtualDisk: { phase: 'loading' } } }));
    assert.deepEqual(lines(input, 'demo', 'Disks'), ['Loading']);
    assert.equal(rowOf(find(input, 'demo', 'Disks'), input).description, '');
  });

  it('F8: that may be listed in some namespaces only says which in one line', () => {
    const input = treeOf(new FakeView([machine('web', 'Running')], { states: { VirtualMachine: { phase: 'live', namespaces: ['prod'], partial: forbidden } } }));
    assert.deepEqual(lines(input, 'demo', 'Machines').at(-1), 'Only namespaces that you may list: prod');
  });

  it('without objects says so in a line with one action', () => {
    const input = treeOf(new FakeView());
    const [note] = childrenOf(find(input, 'demo', 'IP addresses'), input);
    assert.ok(note);
    assert.deepEqual([rowOf(note, input).label, rowOf(note, input).action], ['No IP addresses yet.', { title: 'Create', do: 'create' }]);
  });

  it('counts what is shown of what there is, and explains when nothing is', () => {
    const view = new FakeView([machine('web-1', 'Running'), machine('web-2', 'Stopped'), machine('db', 'Running', { metadata: { labels: { tier: 'web' } } }), machine('mail', 'Running')]);
    assert.equal(rowOf(find(treeOf(view, { filter: 'WEB' }), 'demo', 'Machines'), treeOf(view, { filter: 'WEB' })).description, '3 of 4');
    assert.deepEqual(lines(treeOf(view, { filter: 'web stopped' }), 'demo', 'Machines'), ['web-2 | Stopped · 2 cores, 4 GiB · prod']);
    assert.deepEqual(lines(treeOf(view, { filter: 'nothing' }), 'demo', 'Machines'), ['None of 4 matches "nothing".']);
    assert.deepEqual(lines(treeOf(view, { namespaces: ['test'] }), 'demo', 'Machines'), ['None in test; 4 in other namespaces.']);
  });

  it('tells how many of it are unwell, as far as they are shown', () => {
    const restart = { status: { conditions: [condition('AwaitingRestartToApplyConfiguration', 'True', 'ChangesPendingRestart')] } };
    const view = new FakeView([
      machine('a', 'Degraded', { namespace: 'x' }), machine('b', 'Running', { namespace: 'x' }), machine('c', 'Running', { namespace: 'y', ...restart }), machine('d', 'Running', { namespace: 'z' }),
      object('VirtualDisk', { name: 'lost', namespace: 'x', status: { phase: 'PVCLost' } }), object('VirtualDisk', { name: 'slow', namespace: 'y', status: { phase: 'Pending' } }),
    ]);
    const description = (input: ReturnType<typeof treeOf>, kind: string) => rowOf(find(input, 'demo', kind), input).description;
    assert.equal(description(treeOf(view), 'Machines'), '4 · 1 failed · 1 with warnings');
    assert.equal(description(treeOf(view), 'Disks'), '2 · 1 failed');
    assert.equal(description(treeOf(view, { namespaces: ['y'] }), 'Machines'), '1 of 4 · 1 with warnings');
    assert.equal(description(treeOf(view, { filter: 'b' }), 'Machines'), '1 of 4');
    assert.deepEqual(lines(treeOf(view, { groupBy: 'namespace' }), 'demo', 'Machines'), ['x | 2 · 1 failed', 'y | 1 · 1 with warnings', 'z | 1']);
    view.set(machine('a', 'Running', { namespace: 'x' }));
    assert.equal(description(treeOf(view), 'Machines'), '4 · 1 with warnings');
  });

  it('tells how many operations are running', () => {
    const view = new FakeView([object('VirtualMachineOperation', { name: 'a', status: { phase: 'InProgress' } }), object('VirtualMachineOperation', { name: 'b', status: { phase: 'Completed' } })]);
    assert.equal(rowOf(find(treeOf(view), 'demo', 'Operations'), treeOf(view)).description, '2 · 1 running');
  });
});

describe('objects', () => {
  const unwell = { status: { conditions: [condition('BlockDevicesReady', 'False', 'BlockDevicesNotReady')] } };

  it('stand with the unwell first, then by name as people count', () => {
    const view = new FakeView([machine('web-10', 'Running'), machine('web-2', 'Stopped'), machine('web-1', 'Starting'), machine('x-sick', 'Pending', unwell)]);
    assert.deepEqual(lines(treeOf(view), 'demo', 'Machines').map((line) => line.split(' ')[0]), ['x-sick', 'web-1', 'web-2', 'web-10']);
  });

  it('stand by name, age or node where that is wanted', () => {
    const view = new FakeView([
      machine('b', 'Running', { status: { nodeName: 'n1' }, metadata: { creationTimestamp: ago(5000) } }),
      machine('a', 'Pending', { ...unwell, metadata: { creationTimestamp: ago(9000) } }),
      machine('c', 'Running', { status: { nodeName: 'n0' }, metadata: { creationTimestamp: ago(100) } }),
    ]);
    const names = (sort: 'name' | 'age' | 'node') => lines(treeOf(view, { sort }), 'demo', 'Machines').map((line) => line.split(' ')[0]).join('');
    assert.deepEqual([names('name'), names('age'), names('node')], ['abc', 'cba', 'cba']);
  });

  it('show beyond the first page only when asked', () => {
    const view = new FakeView(Array.from({ length: 1203 }, (_, index) => machine(`m-${index}`, 'Running')));
    const first = treeOf(view);
    const children = childrenOf(find(first, 'demo', 'Machines'), first);
    assert.equal(children.length, 501);
    assert.deepEqual(rowOf(children.at(-1) as TreeNode, first).description, '703 hidden');
    const second = treeOf(view, { shown: new Map([[find(first, 'demo', 'Machines').id, 1000]]) });
    const more = childrenOf(find(second, 'demo', 'Machines'), second);
    assert.deepEqual([more.length, rowOf(more.at(-1) as TreeNode, second).description], [1001, '203 hidden']);
  });

  it('keep their ids through changes, and know their parents', () => {
    const view = new FakeView([machine('web', 'Running', { namespace: 'team' })]);
    const node = find(treeOf(view, { groupBy: 'namespace' }), 'demo', 'Machines', 'team', 'web');
    view.set(machine('web', 'Stopped', { namespace: 'team' }));
    const later = find(treeOf(view, { groupBy: 'namespace' }), 'demo', 'Machines', 'team', 'web');
    assert.equal(node.id, later.id);
    const chain: string[] = [];
    for (let at: TreeNode | undefined = later; at; at = at.parent) {
      chain.push(at.type);
    }
    assert.deepEqual(chain, ['object', 'group', 'kind', 'context']);
  });

  it('have different ids in different places', () => {
    const view = new FakeView([machine('web', 'Running', { spec: { blockDeviceRefs: [{ kind: 'VirtualDisk', name: 'root' }] } }), object('VirtualDisk', { name: 'root', status: { phase: 'Ready' } })]);
    const input = treeOf(view);
    assert.notEqual(find(input, 'demo', 'Machines', 'web', 'root').id, find(input, 'demo', 'Disks', 'root').id);
  });
});

describe('groups', () => {
  const view = new FakeView([
    machine('a', 'Running', { namespace: 'x', status: { nodeName: 'n2' }, metadata: { labels: { tier: 'web' } } }),
    machine('b', 'Stopped', { namespace: 'x', spec: { virtualMachineClassName: 'large' } }),
    machine('c', 'Running', { namespace: 'y', status: { nodeName: 'n10' } }),
    object('VirtualDisk', { name: 'd', namespace: 'x', status: { phase: 'Ready' } }),
  ]);
  const cases = [
    ['namespace', ['x | 2', 'y | 1']], ['node', ['n2 | 1', 'n10 | 1', 'Not on a node | 1']], ['class', ['generic | 2', 'large | 1']],
    ['phase', ['Running | 2', 'Stopped | 1']], [{ label: 'tier' }, ['web | 1', 'Without label "tier" | 2']],
  ] as const;
  for (const [groupBy, expected] of cases) {
    it(`by ${JSON.stringify(groupBy)}`, () => assert.deepEqual(lines(treeOf(view, { groupBy }), 'demo', 'Machines'), expected));
  }

  it('other than namespaces are for machines only', () => {
    assert.deepEqual(lines(treeOf(view, { groupBy: 'namespace' }), 'demo', 'Disks'), ['x | 1']);
    assert.deepEqual(lines(treeOf(view, { groupBy: 'node' }), 'demo', 'Disks'), ['d | Ready · x']);
  });

  it('by namespace vanish when there is only one to show', () => {
    assert.deepEqual(lines(treeOf(view, { groupBy: 'namespace', namespaces: ['y'] }), 'demo', 'Machines'), ['c | Running · n10']);
  });

  it('do not repeat what they say', () => {
    assert.deepEqual(lines(treeOf(view, { groupBy: 'phase', namespaces: ['y'] }), 'demo', 'Machines', 'Running'), ['c | n10']);
  });
});

describe('below a machine', () => {
  const view = new FakeView([
    machine('db', 'Pending', {
      spec: { blockDeviceRefs: [{ kind: 'VirtualDisk', name: 'data' }, { kind: 'VirtualDisk', name: 'root' }, { kind: 'ClusterVirtualImage', name: 'gone' }] },
      status: { virtualMachineIPAddressName: 'db-ip', conditions: [condition('BlockDevicesReady', 'False', 'BlockDevicesNotReady')] },
    }),
    object('VirtualDisk', { name: 'data', status: { phase: 'Provisioning', progress: '43.7%' } }),
    object('VirtualDisk', { name: 'root', status: { phase: 'Ready', capacity: '20Gi' } }),
    object('VirtualMachineIPAddress', { name: 'db-ip', status: { phase: 'Attached', address: '10.66.10.9', virtualMachineName: 'db' } }),
    object('VirtualMachineBlockDeviceAttachment', { name: 'extra', spec: { virtualMachineName: 'db', blockDeviceRef: { kind: 'VirtualDisk', name: 'late' } }, status: { phase: 'Attached' } }),
    object('VirtualMachineSnapshot', { name: 'snap', spec: { virtualMachineName: 'db' }, status: { phase: 'Ready' } }),
    object('VirtualMachineOperation', { name: 'db-start', spec: { type: 'Start', virtualMachineName: 'db' }, status: { phase: 'InProgress' }, metadata: { creationTimestamp: ago(12) } }),
    ...[1, 2, 3, 4, 5].map((days) => object('VirtualMachineOperation', {
      name: `db-old-${days}`, spec: { type: 'Stop', virtualMachineName: 'db' }, metadata: { creationTimestamp: ago(days * 86_400) },
      status: { phase: 'Completed', conditions: [condition('Completed', 'True', 'OperationCompleted', { lastTransitionTime: ago(days * 86_400) })] },
    })),
  ]);

  it('stand its disks, images, attachments, address, snapshots and last operations', () => {
    assert.deepEqual(lines(treeOf(view), 'demo', 'Machines', 'db'), [
      'data | VirtualDisk · Provisioning 43 %',
      'root | VirtualDisk · Ready · 20 GiB',
      'gone | ClusterVirtualImage · does not exist',
      'extra | Attachment · Attached · late',
      '10.66.10.9 | Address · Attached',
      'snap | Snapshot · Ready · 10 min',
      'db-start | Operation · Start · InProgress · 12 s',
      'db-old-1 | Operation · Stop · Completed · 24 h ago',
      'db-old-2 | Operation · Stop · Completed · 2 d ago',
      'db-old-3 | Operation · Stop · Completed · 3 d ago',
    ]);
  });

  it('nothing unfolds further, so that no circle is endless', () => {
    const input = treeOf(view);
    const disk = find(input, 'demo', 'Machines', 'db', 'data');
    assert.equal(rowOf(disk, input).collapsible, 'none');
    assert.deepEqual(childrenOf(disk, input), []);
  });

  it('what is not known is not said to be absent', () => {
    const blind = new FakeView([machine('db', 'Pending', { spec: { blockDeviceRefs: [{ kind: 'VirtualDisk', name: 'data' }] } })], { states: { VirtualDisk: { phase: 'failed', problem: forbidden } } });
    assert.deepEqual(lines(treeOf(blind), 'demo', 'Machines', 'db'), ['data | VirtualDisk · not known']);
  });

  it('no list of all objects is walked', () => {
    const input = treeOf(view);
    const node = find(input, 'demo', 'Machines', 'db');
    const before = view.listsOfAll;
    childrenOf(node, input).forEach((child) => rowOf(child, input));
    assert.equal(view.listsOfAll, before);
  });
});

describe('the line of a machine', () => {
  const line = (target: ReturnType<typeof machine>, ...others: ReturnType<typeof machine>[]) => lines(treeOf(new FakeView([target, ...others]), { namespaces: ['prod'] }), 'demo', 'Machines')[0];

  it('shows phase, node and address while all is well', () => {
    assert.equal(line(machine('web', 'Running', running('node-a1', '10.66.10.7'))), 'web | Running · node-a1 · 10.66.10.7');
  });

  it('shows what is wrong instead of the address', () => {
    const pending = condition('AwaitingRestartToApplyConfiguration', 'True', 'ChangesPendingRestart');
    assert.equal(line(machine('web', 'Running', { status: { nodeName: 'node-a2', ipAddress: '10.66.10.8', conditions: [pending] } })), 'web | Running · node-a2 · restart pending');
  });

  it('remarks that the agent is missing or that it cannot move, once the guest had time to boot', () => {
    const conditions = [condition('AgentReady', 'False', 'AgentNotReady', { lastTransitionTime: ago(400) }), condition('Migratable', 'False', 'VirtualMachineDisksNotMigratable', { lastTransitionTime: ago(400) })];
    assert.equal(line(machine('web', 'Running', { status: { nodeName: 'n1', ipAddress: '10.0.0.1', conditions } })), 'web | Running · n1 · 10.0.0.1 · no agent · not migratable');
    const booting = [condition('AgentReady', 'False', 'AgentNotReady', { lastTransitionTime: ago(40) })];
    assert.equal(line(machine('web', 'Running', { status: { nodeName: 'n1', ipAddress: '10.0.0.1', conditions: booting } })), 'web | Running · n1 · 10.0.0.1');
  });

  it('names the disk that holds it up, and what holds up the disk', () => {
    const held = machine('db', 'Pending', { spec: { blockDeviceRefs: [{ kind: 'VirtualDisk', name: 'data' }] }, status: { conditions: [condition('BlockDevicesReady', 'False', 'BlockDevicesNotReady')] } });
    assert.equal(line(held), 'db | Pending · disk "data" does not exist');
    const disk = object('VirtualDisk', { name: 'data', spec: { dataSource: { objectRef: { kind: 'VirtualImage', name: 'ubuntu' } } }, status: { phase: 'Pending', conditions: [condition('DatasourceReady', 'False', 'ImageNotReady')] } });
    const image = object('VirtualImage', { name: 'ubuntu', status: { phase: 'Failed', conditions: [condition('Ready', 'False', 'ProvisioningFailed')] } });
    assert.equal(line(held, disk, image), 'db | Pending · image "ubuntu": import failed');
  });

  it('shows where it is moving and how far it is', () => {
    const moving = machine('web', 'Migrating', { status: { nodeName: 'n1', ipAddress: '10.0.0.1', migrationState: { target: { node: 'n2' } } } });
    const migration = object('VirtualMachineOperation', { name: 'web-migrate', spec: { type: 'Migrate', virtualMachineName: 'web' }, status: { phase: 'InProgress', progress: '43%' } });
    assert.equal(line(moving, migration), 'web | Migrating 43 % · n1 → n2 · 10.0.0.1');
  });

  it('says that it is being deleted', () => {
    assert.equal(line(machine('web', 'Running', { metadata: { deletionTimestamp: ago(3) }, ...running('n1', '10.0.0.1') })), 'web | Running, being deleted · n1 · 10.0.0.1');
  });

  it('differs in shape, not only in colour, from health to health', () => {
    const states = [machine('a', 'Running'), machine('b', 'Stopped'), machine('c', 'Starting'), machine('d', 'Degraded'), machine('e', 'Odd'), machine('f', 'Pause'),
      machine('g', 'Running', { status: { conditions: [condition('EvictionRequired', 'True', 'EvictionRequired')] } }), machine('h', 'Pending', { status: { conditions: [condition('ProvisioningReady', 'False', 'ProvisioningNotReady')] } })];
    const input = treeOf(new FakeView(states));
    const icons = childrenOf(find(input, 'demo', 'Machines'), input).map((node) => rowOf(node, input).icon);
    assert.equal(new Set(icons).size, states.length);
  });

  it('lists what can be done now as words for menus', () => {
    const input = treeOf(new FakeView([machine('web', 'Stopped')]));
    assert.equal(rowOf(find(input, 'demo', 'Machines', 'web'), input).contextValue, 'VirtualMachine vm.start object.delete vm.migration');
  });

  it('can be read aloud', () => {
    const input = treeOf(new FakeView([machine('web', 'Running', running('n1', '10.0.0.1'))]), { namespaces: ['prod'] });
    assert.equal(rowOf(find(input, 'demo', 'Machines', 'web'), input).accessibleLabel, 'web, VirtualMachine, well, Running, n1, 10.0.0.1');
  });
});
