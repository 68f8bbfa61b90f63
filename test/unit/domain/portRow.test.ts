import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PortState, PortTraffic } from '../../../src/domain/portRow';
import { browserUrl, portRow } from '../../../src/domain/portRow';

const nowMs = Date.parse('2026-01-01T00:01:00Z');
const closed: PortState = { machine: 'web-01', namespace: 'billing', context: 'prod', spec: { protocol: 'tcp', remote: 80, local: 8080 }, isRemembered: true, now: { phase: 'Running', isOther: false } };
const quiet: PortTraffic = { connections: 0, total: 0, sent: 0, received: 0 };

function open(traffic: Partial<PortTraffic> = {}, change: Partial<PortState> = {}, rates = { sentRate: 0, receivedRate: 0 }): PortState {
  return { ...closed, isRemembered: false, open: { address: '127.0.0.1:8080', port: 8080, traffic: { ...quiet, ...traffic }, ...rates }, ...change };
}

const failure = { problem: { reason: 'server', message: 'dialing VM: refused', hint: 'Try again.' }, atMs: nowMs - 12_000, isPast: false } as const;

test('a port says where it leads and what goes through it', () => {
  const cases: readonly (readonly [PortState, string, string])[] = [
    [open(), 'plug', 'open'],
    [open({ total: 1, received: 2048, sent: 10 }), 'plug', '↓ 2 KiB · ↑ 10 B'],
    [open({ connections: 1, total: 1, received: 2048, sent: 10 }, {}, { receivedRate: 1_300_000, sentRate: 0 }), 'plug', '1 connection · ↓ 1.2 MiB/s · ↑ 0 B/s'],
    [open({ connections: 3, total: 9, received: 5, sent: 10 }), 'plug', '3 connections · ↓ 5 B · ↑ 10 B'],
    [closed, 'debug-disconnect', 'not open'],
  ];
  for (const [state, icon, description] of cases) {
    const row = portRow(state, nowMs);
    assert.deepEqual([row.label, row.icon, row.description], ['8080 → web-01:80', icon, description]);
  }
  assert.equal(portRow({ ...closed, spec: { protocol: 'udp', remote: 53, local: undefined } }, nowMs).label, 'web-01:53/udp');
});

test('what is wrong stands in the line, the machine before the connections', () => {
  const cases: readonly (readonly [PortState, RegExp])[] = [
    [open({ failure, total: 1 }), /^failed 12 s ago: dialing VM: refused$/],
    [open({ failure, total: 1 }, { now: { phase: 'Stopped', isOther: false } }), /^the machine is not running: Stopped$/],
    [open({ failure, total: 1 }, { now: { phase: 'Stopped', isOther: true } }), /^closed to the new machine/],
    [open({}, { now: null }), /no longer exists/],
  ];
  for (const [state, description] of cases) {
    const row = portRow(state, nowMs);
    assert.match(row.description, description);
    assert.deepEqual([row.icon, row.color], ['warning', 'list.warningForeground']);
    assert.match(row.accessibleLabel, /needs attention/);
  }
});

test('a failure before a connection that was well is only in the tooltip; what is not known is no trouble', () => {
  const row = portRow(open({ failure: { ...failure, isPast: true }, total: 2 }), nowMs);
  assert.equal(row.icon, 'plug');
  assert.match(row.tooltip, /The last failure, 12 s ago: dialing VM: refused Try again\./);
  assert.equal(portRow(open({}, { now: undefined }), nowMs).icon, 'plug');
  assert.equal(portRow(open({}, { now: { phase: 'Migrating', isOther: false } }), nowMs).icon, 'plug');
});

test('menus see what can be done', () => {
  assert.equal(portRow(open(), nowMs).contextValue, 'port port.open port.tcp port.passing');
  assert.equal(portRow(closed, nowMs).contextValue, 'port port.closed port.remembered');
  assert.equal(portRow(open({}, { spec: { protocol: 'udp', remote: 53, local: 53 } }), nowMs).contextValue, 'port port.open port.passing');
});

test('browsers get the scheme that the port is known for', () => {
  assert.equal(browserUrl('127.0.0.1:8080', { protocol: 'tcp', remote: 80, local: 8080 }), 'http://127.0.0.1:8080/');
  assert.equal(browserUrl('127.0.0.1:8443', { protocol: 'tcp', remote: 443, local: undefined }), 'https://127.0.0.1:8443/');
});
