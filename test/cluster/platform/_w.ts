import { startCluster } from '../start';
import { startPlatform } from './index';
const vms = process.env.VMS ? { vms: Number(process.env.VMS) } : {};
const module = (process.env.MODULE ?? '1.10') as '1.10';
const cluster = await startCluster({ world: 'company', platform: false, module, api: (process.env.API ?? 'own') as 'own', ...vms });
const before = await all();
let t = Date.now();
const m0 = process.memoryUsage().heapUsed;
const platform = await startPlatform({ kubeconfig: cluster.kubeconfigs.admin, module, log: (m) => console.log('LOG', m) });
console.log('started', Date.now() - t, 'ms', process.memoryUsage().heapUsed - m0 >> 20, 'MiB'); 
const cpu0=process.cpuUsage();
await new Promise((r) => setTimeout(r, Number(process.env.SEC ?? 25) * 1000));
console.log('cpu', process.cpuUsage(cpu0).user/1000|0,'ms');
const after = await all();
for (const [k, v] of after) if (before.get(k) !== v) console.log('CHANGED', k, '\n  ', before.get(k), '\n  ', v);
for (const k of before.keys()) if (!after.has(k)) console.log('GONE', k);
await platform.stop(); await cluster.stop(); process.exit();
async function all() {
  const map = new Map<string, string>();
  for (const p of ['virtualmachines','virtualdisks','virtualimages','clustervirtualimages','virtualmachineoperations','virtualmachineipaddresses','virtualmachineipaddressleases','virtualmachineclasses','virtualmachineblockdeviceattachments']) {
    const l: any = (await cluster.admin.ask('GET', `/apis/virtualization.deckhouse.io/v1alpha2/${p}`)).json;
    for (const o of l.items) map.set(`${p}/${o.metadata.namespace ?? ''}/${o.metadata.name}`, JSON.stringify([o.metadata.annotations?.['embedded.dvp-tools/lower'], o.status?.phase, o.status?.progress, (o.status?.conditions ?? []).map((c: any) => `${c.type}=${c.status}/${c.reason}`).join(' ')]));
  }
  return map;
}
