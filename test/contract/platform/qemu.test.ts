import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import type WebSocket from 'ws';
import { conditionOf } from '../../../src/domain/kubeObject';
import { stringAt } from '../../../src/domain/values';
import { whyNoQemu } from '../../cluster/platform/lower/qemu/images';
import { isAlive, QemuSite } from './qemuSite';
import { Viewer } from './streamsViewer';
import { Terminal } from './terminal';

const why = whyNoQemu();

describe('a machine in QEMU', { skip: why !== undefined && `No guest in QEMU: ${why}.` }, () => {
  let site: QemuSite;
  const machine = () => site.object('VirtualMachine', 'vm')!;
  const operate = (name: string, type: string, more: object = {}) => site.create('VirtualMachineOperation', name, { type, virtualMachineName: 'vm', ...more });
  const sockets: WebSocket[] = [];

  async function connect(stream: string): Promise<WebSocket> {
    const socket = site.stream(stream);
    sockets.push(socket);
    await once(socket, 'open', { signal: AbortSignal.timeout(60_000) });
    return socket;
  }

  /** What the guest prints from here on, at the serial port itself. */
  const port = () => new Terminal(site.guest()!.serial());

  before(async () => {
    site = await QemuSite.start();
    await site.addMachine('vm');
    await site.untilPhase('VirtualMachine', 'vm', 'Running');
  });

  after(async () => {
    sockets.forEach((socket) => socket.terminate());
    await site?.stop();
  });

  it('boots to a login on its serial port, where commands run', async () => {
    const console = new Terminal(await connect('console'));
    await console.logIn();
    assert.match(await console.run('hostname; uname -s'), /^vm\nLinux\n$/);
    assert.match(await console.run('cat /proc/partitions'), /1048576 vda/);
    assert.equal(machine().metadata.annotations?.['embedded.dvp-tools/guest'], 'qemu');
    assert.equal(conditionOf(machine(), 'AgentReady')?.status, 'False');
  });

  it('shows the login on its screen, and takes keys there', async () => {
    const socket = await connect('vnc');
    const viewer = new Viewer({ encodings: [-223], send: (bytes) => socket.send(bytes) });
    socket.on('message', (data: Buffer) => viewer.take(data));
    const light = () => viewer.pixels.reduce((sum, pixel) => sum + (pixel === 0 ? 0 : 1), 0);
    await site.until(() => light() > 1000, 'text on the screen');
    assert.deepEqual([viewer.width, viewer.height, viewer.name], [720, 400, 'QEMU (vm)']);
    const terminal = port();
    viewer.type('root\r');
    // What is typed before that is thrown away by the login itself.
    await terminal.expect(/root login on 'tty1'/);
    const from = light();
    viewer.type('echo typed > /tmp/typed\r');
    await site.until(() => light() > from, 'more text on the screen');
    terminal.type('until cat /tmp/typed; do sleep 0.2; done 2>/dev/null\r');
    await terminal.expect(/\ntyped/);
  });

  it('has only so many of its kind beside it: further ones are simulated, and say so', async () => {
    await site.addMachine('second');
    await site.untilPhase('VirtualMachine', 'second', 'Running');
    assert.equal(site.guest('second')?.kind, 'simulated');
    assert.equal(site.object('VirtualMachine', 'second')?.metadata.annotations?.['embedded.dvp-tools/guest'], undefined);
  });

  it('can be reached at ports where something listens, and refuses others', async () => {
    const http = await connect('portforward?port=80&protocol=tcp');
    const answer = new Terminal(http);
    http.send(Buffer.from('GET / HTTP/1.0\r\n\r\n'));
    await answer.expect(/from inside the guest/);
    const refused = site.stream('portforward?port=81&protocol=tcp');
    refused.on('error', () => undefined);
    const [, response] = await once(refused, 'unexpected-response', { signal: AbortSignal.timeout(60_000) }) as [unknown, { statusCode: number }];
    assert.equal(response.statusCode, 500);
  });

  it('lets people in with ssh, without a password, and copies files', async (t) => {
    const inward = createServer((socket) => {
      const guest = site.guest()!.connect!(22, 'tcp');
      socket.pipe(guest).pipe(socket);
      socket.on('error', () => guest.destroy()).on('close', () => guest.destroy());
      guest.on('error', () => socket.destroy());
    }).listen(0, '127.0.0.1');
    await once(inward, 'listening');
    try {
      const to = ['-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'BatchMode=yes', '-o', 'LogLevel=ERROR'];
      const { port: local } = inward.address() as AddressInfo;
      const file = path.join(import.meta.dirname, 'terminal.ts');
      const copied = await run('scp', [...to, '-P', String(local), file, 'root@127.0.0.1:/tmp/copied']);
      if (copied === undefined) {
        t.skip('There is no scp here.');
        return;
      }
      const { code, output } = await run('ssh', [...to, '-p', String(local), 'root@127.0.0.1', 'wc -l < /tmp/copied']) ?? {};
      assert.deepEqual({ copied: copied.code, code, hasLines: Number(output) > 50 }, { copied: 0, code: 0, hasLines: true }, `${copied.output}\n${output}`);
    } finally {
      inward.close();
    }
  });

  it('gets a disk while it runs', async () => {
    await site.create('VirtualDisk', 'extra', { persistentVolumeClaim: { size: '64Mi', storageClassName: 'shared-rwx' } });
    await site.create('VirtualMachineBlockDeviceAttachment', 'extra', { virtualMachineName: 'vm', blockDeviceRef: { kind: 'VirtualDisk', name: 'extra' } });
    await site.untilPhase('VirtualMachineBlockDeviceAttachment', 'extra', 'Attached');
    const terminal = port();
    terminal.type('\r');
    await terminal.expect(/# /);
    assert.match(await terminal.run('until [ -b /dev/vdb ]; do sleep 0.1; done; echo hello > /dev/vdb; cat /proc/partitions'), /65536 vdb/);
  });

  it('goes on after a migration whose target breaks, and after one that is cancelled', async () => {
    const node = stringAt(machine(), 'status.nodeName');
    await operate('breaks', 'Evict');
    await site.untilPhase('VirtualMachine', 'vm', 'Migrating');
    const [source, target] = site.pids;
    process.kill(target!, 'SIGKILL');
    await site.untilPhase('VirtualMachineOperation', 'breaks', 'Failed');
    assert.match(conditionOf(site.object('VirtualMachineOperation', 'breaks')!, 'Completed')?.message ?? '', /^Migration failed: .*(socket|pipe|channel|ended)/i);
    await site.untilPhase('VirtualMachine', 'vm', 'Running');

    await operate('cancelled', 'Evict');
    await site.untilPhase('VirtualMachine', 'vm', 'Migrating');
    await site.delete('VirtualMachineOperation', 'cancelled');
    await site.until(() => site.object('VirtualMachineOperation', 'cancelled') === undefined, 'the operation to go');
    await site.untilPhase('VirtualMachine', 'vm', 'Running');
    assert.equal(stringAt(machine(), 'status.nodeName'), node);
    await site.until(() => site.pids.length === 1, 'the targets to be gone');
    assert.equal(site.pids[0], source);
  });

  it('moves to another process while it works, and loses nothing', async () => {
    const node = stringAt(machine(), 'status.nodeName');
    const socket = await connect('console');
    const cut = once(socket, 'close', { signal: AbortSignal.timeout(120_000) }) as Promise<[number]>;
    const before = port();
    before.type('i=0; while :; do i=$((i+1)); echo tick $i; sleep 0.05; done\r');
    await before.expect(/tick 3\r/);
    const [source] = site.pids;
    const seen = new Set<string>();
    await operate('moves', 'Evict');
    await site.until(() => {
      const operation = site.object('VirtualMachineOperation', 'moves');
      seen.add((operation && conditionOf(operation, 'Completed')?.message) ?? '');
      return before.isClosed;
    }, 'the source to fall silent');
    const beyond = port();
    await beyond.expect(/tick \d+\r[^]*tick \d+\r/);
    const ticks = [...`${before.text}${beyond.text}`.matchAll(/tick (\d+)\r/g)].map(([, number]) => Number(number));
    assert.deepEqual(ticks, ticks.map((_, index) => index + 1));
    assert.equal((await cut)[0], 1006);
    await site.untilPhase('VirtualMachineOperation', 'moves', 'Completed');
    assert.notEqual(stringAt(machine(), 'status.nodeName'), node);
    assert.ok([...seen].some((message) => /DataProcessed:\d+MiB DataRemaining:\d+MiB DataTotal:1\d\dMiB/.test(message)), [...seen].join('\n'));
    await site.until(() => site.pids.length === 1, 'the source to be gone');
    assert.notEqual(site.pids[0], source);
  });

  it('has its screen, its ports and its disks where it has moved to', async () => {
    const console = new Terminal(await connect('console'));
    console.type('\x03');
    await console.expect(/# /);
    assert.match(await console.run('head -c 5 /dev/vdb; echo'), /hello/);
    const viewer = new Viewer({ encodings: [-223], send: (bytes) => vnc.send(bytes) });
    const vnc = await connect('vnc');
    vnc.on('message', (data: Buffer) => viewer.take(data));
    await site.until(() => viewer.pixels.some((pixel) => pixel !== 0), 'text on the screen');
    const http = await connect('portforward?port=80');
    const answer = new Terminal(http);
    http.send(Buffer.from('GET / HTTP/1.0\r\n\r\n'));
    await answer.expect(/from inside the guest/);
    await site.delete('VirtualMachineBlockDeviceAttachment', 'extra');
    await console.run('while [ -b /dev/vdb ]; do sleep 0.1; done');
  });

  it('shuts down when it is stopped, and keeps its disks', async () => {
    const console = new Terminal(await connect('console'));
    console.type('\r');
    await console.expect(/# /);
    await console.run('echo kept > /dev/vda; sync');
    await operate('stop', 'Stop');
    await console.expect(/Power down/);
    await site.untilPhase('VirtualMachineOperation', 'stop', 'Completed');
    await site.until(() => site.pids.length === 0, 'QEMU to be gone');
    await operate('start', 'Start');
    await site.untilPhase('VirtualMachineOperation', 'start', 'Completed');
    const again = port();
    await again.logIn();
    assert.match(await again.run('head -c 4 /dev/vda; echo'), /kept/);
  });

  it('is started anew when QEMU is killed, and when it resets itself', async () => {
    // It is Stopped for a moment only, which whoever looks now and then may miss.
    const anew = (before: number) => site.until(() => site.pids.length === 1 && site.pids[0] !== before && stringAt(machine(), 'status.phase') === 'Running', 'another QEMU');
    const [first = 0] = site.pids;
    process.kill(first, 'SIGKILL');
    await anew(first);
    const [second = 0] = site.pids;
    const terminal = port();
    await terminal.logIn();
    terminal.type('reboot -f\r');
    await anew(second);
    await operate('off', 'Stop', { force: true });
    await site.untilPhase('VirtualMachineOperation', 'off', 'Completed');
  });

  it('leaves no process when its parent is killed', async () => {
    const parent = spawn(process.execPath, ['--import', 'tsx', path.join(import.meta.dirname, 'qemuParent.ts')], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await once(parent.stdout, 'data') as [Buffer];
    const pid = Number(line);
    assert.ok(isAlive(pid));
    parent.kill('SIGKILL');
    await site.until(() => !isAlive(pid), 'QEMU to end with its parent');
  });

  it('leaves nothing when all ends, and nothing went wrong', async () => {
    await site.stop();
    assert.deepEqual(site.pids, []);
    assert.deepEqual(site.log, []);
  });
});

/** The end of a program; undefined when there is no such program. */
async function run(program: string, args: readonly string[]): Promise<{ readonly code: number; readonly output: string } | undefined> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return await new Promise((resolve) => {
    child.once('error', () => resolve(undefined));
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
