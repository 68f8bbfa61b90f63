import assert from 'node:assert/strict';
import type { Clusters } from '../../../src/vscode/clusters';
import type { Log } from '../../../src/vscode/log';
import type { Memory } from '../../../src/vscode/memory';
import { Ports } from '../../../src/vscode/ports';
import type { Report } from '../../../src/vscode/report';

/** A list with one remembered port, in an editor without any cluster. */
function portsWithOne(text: string) {
  const memory = { get: () => [{ context: 'none', namespace: 'default', name: 'web', ports: text }], set: () => undefined } as unknown as Memory;
  const clusters = { session: () => undefined } as unknown as Clusters;
  const ports = new Ports({ clusters, memory, report: {} as Report, log: {} as Log, userAgent: 'test' });
  const [port] = ports.all;
  assert.ok(port);
  return { ports, port };
}

suite('Forwarded ports', () => {
  test('a row that is clicked twice opens its port once', async () => {
    const { ports, port } = portsWithOne(':80');
    try {
      await ports.open(port);
      const free = port.forward?.port ?? 0;
      ports.stop(port);
      const taken = portsWithOne(`${free}:80`);
      try {
        await Promise.all([taken.ports.open(taken.port), taken.ports.open(taken.port)]);
        assert.equal(taken.port.forward?.port, free);
      } finally {
        taken.ports.dispose();
      }
    } finally {
      ports.dispose();
    }
  });
});
