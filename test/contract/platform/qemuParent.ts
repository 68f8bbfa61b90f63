// Starts a guest, prints the process that runs it, and waits to be killed.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { startQemu } from '../../cluster/platform/lower/qemu/hypervisor';

const hypervisor = await startQemu({ memoryMib: 96 });
const guest = hypervisor.start({ apiVersion: '', kind: 'VirtualMachine', metadata: { name: 'orphan', uid: 'orphan' } }, []);
await guest?.started;
process.stdout.write(readFileSync(path.join(hypervisor.folder, '1/pid'), 'utf8'));
setInterval(() => undefined, 1000);
