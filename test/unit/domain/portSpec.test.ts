import assert from 'node:assert/strict';
import { test } from 'node:test';
import { localPorts, parsePorts, portText } from '../../../src/domain/portSpec';
import type { PortSpec } from '../../../src/domain/portSpec';

const tcp = (remote: number, local?: number): PortSpec => ({ protocol: 'tcp', remote, local });
const udp = (remote: number, local?: number): PortSpec => ({ protocol: 'udp', remote, local });

test('ports are read as people and the platform\'s command line write them', () => {
  const cases: Readonly<Record<string, readonly PortSpec[]>> = {
    '80': [tcp(80)],
    '8080:80': [tcp(80, 8080)],
    ':80': [tcp(80, 0)],
    '0:80': [tcp(80, 0)],
    '8080:80, 5432/tcp, 53/udp': [tcp(80, 8080), tcp(5432), udp(53)],
    'udp/5353:53 tcp/22': [udp(53, 5353), tcp(22)],
    '53/UDP;53': [udp(53), tcp(53)],
    ' 1 ,, 65535 ': [tcp(1), tcp(65_535)],
    '53:53/udp 53:53/tcp': [udp(53, 53), tcp(53, 53)],
  };
  for (const [text, specs] of Object.entries(cases)) {
    assert.deepEqual(parsePorts(text), specs, text);
  }
});

test('what is no port is told with the word that is wrong', () => {
  const cases: Readonly<Record<string, RegExp>> = {
    '': /Type a port/,
    ' , ': /Type a port/,
    'http': /"http" is not a port/,
    '80:http': /"80:http" is not a port/,
    '0': /0 is not a port/,
    '70000': /70000 is not a port/,
    '80, 70000:80': /70000 is not a port/,
    '-1': /"-1" is not a port/,
    '8e1': /"8e1" is not a port/,
    'udp/53/tcp': /two protocols/,
    '80/sctp': /"80\/sctp" is not a port/,
    '8080:80 8080:81': /8080 of this computer is named twice/,
  };
  for (const [text, problem] of Object.entries(cases)) {
    const parsed = parsePorts(text);
    assert.ok('problem' in parsed, text);
    assert.match(parsed.problem, problem, text);
  }
});

test('no address but this computer\'s own can be named', () => {
  for (const text of ['0.0.0.0:8080:80', '*:8080:80', '[::]:80:80', '10.0.0.1:80', 'localhost:80', '::1:8080:80']) {
    const parsed = parsePorts(text);
    assert.ok('problem' in parsed, text);
    assert.match(parsed.problem, /names an address|is not a port/, text);
  }
});

test('what was read is written the same way', () => {
  for (const text of ['80', '8080:80', ':80', '53/udp', '5353:53/udp']) {
    const parsed = parsePorts(text);
    assert.ok(!('problem' in parsed));
    assert.equal(parsed.map(portText).join(), text);
  }
});

test('a port that only the administrator may open is not tried unless it is asked for', () => {
  assert.deepEqual(localPorts(tcp(80)), [0]);
  assert.deepEqual(localPorts(tcp(5432)), [5432, 0]);
  assert.deepEqual(localPorts(tcp(80, 80)), [80]);
  assert.deepEqual(localPorts(tcp(80, 0)), [0]);
});
