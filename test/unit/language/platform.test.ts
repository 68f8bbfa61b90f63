import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import type { KubeObject } from '../../../src/domain/kubeObject';
import { valueAt } from '../../../src/domain/values';
import { judge } from '../../../src/language/apiServer';
import { parseManifest } from '../../../src/language/manifest';
import { platformAdmission, platformFindings } from '../../../src/language/platform';
import type { JsonObject } from '../../../src/language/prune';
import { noFacts, type ModuleGeneration, type ModuleSettings } from '../../../src/language/rule';
import { webhooks } from '../../../src/language/rules';
import { factsOf, kindSchemas } from './kinds';

const group = 'virtualization.deckhouse.io/v1alpha2';
const object = (kind: string, spec: string, { name = 'a', version = group, more = '' } = {}) => parse(`apiVersion: ${version}\nkind: ${kind}\nmetadata: {name: ${name}, namespace: n${more}}\nspec: ${spec}\n`) as JsonObject;
const stored = (kind: string, name: string, text: string, apiVersion = group) => ({ apiVersion, kind, metadata: /Class$|Lease$/.test(kind) ? { name } : { name, namespace: 'n' }, ...parse(text) as object }) as KubeObject;

const cluster = [
  stored('VirtualMachineClass', 'sized', 'spec: {sizingPolicies: [{cores: {min: 1, max: 4}, memory: {min: 1Gi, max: 8Gi, step: 1Gi}, coreFractions: [10%, 50%], defaultCoreFraction: 50%}, {cores: {min: 6, max: 12, step: 2}, memory: {perCore: {min: 1Gi, max: 2Gi}}}]}'),
  stored('VirtualMachineClass', 'free', 'spec: {}'),
  stored('VirtualImage', 'cd', 'status: {phase: Ready, cdrom: true, size: {unpackedBytes: "2147483648"}}'),
  stored('VirtualImage', 'qcow', 'status: {phase: Ready, cdrom: false}'),
  stored('VirtualMachineBlockDeviceAttachment', 'att', 'spec: {virtualMachineName: a, blockDeviceRef: {kind: VirtualDisk, name: extra}}\nstatus: {phase: Attached}'),
  stored('VirtualMachineOperation', 'older', 'spec: {type: Start, virtualMachineName: a}'),
  stored('VirtualMachineIPAddress', 'own', 'spec: {type: Static}\nstatus: {address: 10.0.0.9}'),
  stored('VirtualMachineIPAddressLease', 'ip-10-0-0-7', 'status: {phase: Bound}'),
  stored('Node', 'n1', 'spec: {podCIDR: 10.1.2.0/24}', 'v1'),
  stored('ServiceCIDR', 'kubernetes', 'spec: {cidrs: [10.2.0.0/16, "fd02::/108"]}', 'networking.k8s.io/v1'),
  stored('StorageClass', 'old', 'metadata: {name: old, labels: {module: local-path-provisioner}}', 'storage.k8s.io/v1'),
];
const settings: ModuleSettings = { edition: 'CE', sdn: false, usb: false, addressRanges: ['10.0.0.0/24'], defaultDiskClass: '', defaultImageClass: '' };

/** Rule by rule: a spec that it denies or warns about, what it says, and whose module it is when not both. */
interface Row {
  readonly code: string;
  readonly kind: string;
  readonly spec: string;
  readonly says: RegExp;
  readonly module?: ModuleGeneration;
  readonly name?: string;
  readonly more?: string;
  readonly version?: string;
  readonly before?: string;
}

const machine = (rest: string) => `{virtualMachineClassName: free, cpu: {cores: 2, coreFraction: 100%}, memory: {size: 2Gi}, ${rest}}`;
const sized = (cores: number, fraction: string, memory: string) => `{virtualMachineClassName: sized, cpu: {cores: ${cores}, coreFraction: ${fraction}}, memory: {size: ${memory}}, blockDeviceRefs: []}`;
const rows: readonly Row[] = [
  { code: 'machine-name-too-long', kind: 'VirtualMachine', name: 'x'.repeat(64), spec: machine(''), says: /is too long: it must be no more than 63/, module: '1.10' },
  { code: 'reserved-key', kind: 'VirtualMachine', more: ', labels: {mykubevirt.io/x: y}', spec: machine(''), says: /group's name in the label is prohibited/ },
  { code: 'address-without-main-network', kind: 'VirtualMachine', spec: machine('virtualMachineIPAddressName: b, networks: [{type: Network, name: c}]'), says: /without Main network/, module: '1.10' },
  { code: 'address-with-own-name', kind: 'VirtualMachine', name: 'own', spec: machine(''), says: /field to own to use IP 10\.0\.0\.9/ },
  { code: 'duplicate-device', kind: 'VirtualMachine', spec: machine('blockDeviceRefs: [{kind: VirtualDisk, name: r}, {kind: VirtualDisk, name: r}]'), says: /VirtualDisk with name "r" has a duplicate/ },
  { code: 'duplicate-boot-order', kind: 'VirtualMachine', spec: machine('blockDeviceRefs: [{kind: VirtualDisk, name: r, bootOrder: 1}, {kind: VirtualDisk, name: s, bootOrder: 1}]'), says: /duplicate bootOrder 1: already used by VirtualDisk\/r/, module: '1.10' },
  { code: 'hotplug-without-paravirtualization', kind: 'VirtualMachine', before: machine('blockDeviceRefs: []'), spec: machine('enableParavirtualization: false, blockDeviceRefs: [{kind: VirtualDisk, name: r}]'), says: /Hot-plugging/, module: '1.10' },
  { code: 'too-many-devices', kind: 'VirtualMachine', spec: machine(`blockDeviceRefs: [${Array.from({ length: 16 }, (_, index) => `{kind: VirtualDisk, name: d${index}}`).join(', ')}]`), says: /17 devices found, 16 is maximum/ },
  { code: 'first-device-not-bootable', kind: 'VirtualMachine', spec: machine('blockDeviceRefs: [{kind: VirtualImage, name: qcow}]'), says: /VirtualImage qcow is not CDROM/, module: '1.10' },
  { code: 'device-already-attached', kind: 'VirtualMachine', spec: machine('blockDeviceRefs: [{kind: VirtualDisk, name: extra}]'), says: /already attached .* via .* "att"/, module: '1.10' },
  { code: 'missing-class', kind: 'VirtualMachine', spec: '{virtualMachineClassName: nobody}', says: /The VM class "nobody" does not exist/ },
  { code: 'sizing-policy', kind: 'VirtualMachine', spec: sized(5, '50%', '2Gi'), says: /its 5 CPU core\(s\) fall outside the allowed ranges \(1-4, 6-12\)/, module: '1.10' },
  { code: 'sizing-policy', kind: 'VirtualMachine', spec: sized(2, '20%', '9Gi'), says: /several reasons:\n  - the CPU core fraction "20%".*10%, 50%\n  - the memory size \(9Gi\) is out of the range.* between 1Gi and 8Gi\n/, module: '1.10' },
  { code: 'sizing-policy', kind: 'VirtualMachine', spec: sized(7, '1%', '1Gi'), says: /cores \(7\) does not match .* to 6 or 8\n.*not allowed for 7 CPU core\(s\).* between 7Gi and 14Gi/, module: '1.10' },
  { code: 'sizing-policy', kind: 'VirtualMachine', spec: sized(2, '50%', '1536Mi'), says: /nearest valid values are \[1Gi, 2Gi\]/, module: '0.17' },
  { code: 'core-count', kind: 'VirtualMachine', spec: machine('').replace('cores: 2', 'cores: 35'), says: /multiple of 4/ },
  { code: 'core-count', kind: 'VirtualMachine', spec: machine('').replace('cores: 2', 'cores: 256'), says: /should not exceed 248/, module: '1.10' },
  { code: 'networks-need-sdn', kind: 'VirtualMachine', spec: machine('networks: [{type: Main}, {type: Network, name: b}]'), says: /requires SDN/, module: '1.10' },
  { code: 'invalid-networks', kind: 'VirtualMachine', spec: machine('networks: [{type: Main, id: 1}, {type: Network, name: b, id: 1}]'), says: /id 1 is duplicated for network Network\/b/, module: '1.10' },
  { code: 'invalid-affinity', kind: 'VirtualMachine', spec: machine('affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{matchExpressions: [{key: a, operator: In}]}]}}}'), says: /values: Required value: must be specified/ },
  { code: 'invalid-topology-spread', kind: 'VirtualMachine', spec: machine('topologySpreadConstraints: [{maxSkew: 0, topologyKey: a, whenUnsatisfiable: DoNotSchedule}]'), says: /must be greater than zero/ },
  { code: 'usb-devices', kind: 'VirtualMachine', spec: machine('usbDevices: [{name: a}]'), says: /USB device attachment requires/, module: '1.10' },
  { code: 'name', kind: 'VirtualDisk', name: 'a.b', spec: '{persistentVolumeClaim: {size: 1Gi}}', says: /'\.' is forbidden/ },
  { code: 'name', kind: 'VirtualDisk', name: 'd'.repeat(61), spec: '{persistentVolumeClaim: {size: 1Gi}}', says: /no more than 60/, module: '0.17' },
  { code: 'disk-size', kind: 'VirtualDisk', spec: '{}', says: /necessary to set/ },
  { code: 'disk-size', kind: 'VirtualDisk', spec: '{persistentVolumeClaim: {size: 0Gi}}', says: /greater than 0/ },
  { code: 'disk-size', kind: 'VirtualDisk', spec: '{persistentVolumeClaim: {size: 1Gi}, dataSource: {type: ObjectRef, objectRef: {kind: VirtualImage, name: cd}}}', says: /insufficient: 1073741824 \(1Gi\) < 2147483648/ },
  { code: 'disk-from-iso', kind: 'VirtualDisk', spec: '{dataSource: {type: ObjectRef, objectRef: {kind: VirtualImage, name: cd}}}', says: /ISO image is not supported/ },
  { code: 'disk-shrinks', kind: 'VirtualDisk', before: '{persistentVolumeClaim: {size: 2Gi}}', spec: '{persistentVolumeClaim: {size: 1Gi}}', says: /value \(1Gi\) should be greater than or equal to the current value \(2Gi\)/ },
  { code: 'disk-storage-class', kind: 'VirtualDisk', spec: '{persistentVolumeClaim: {size: 1Gi, storageClassName: nobody}}', says: /storage class "nobody" not found/, module: '1.10' },
  { code: 'disk-storage-class', kind: 'VirtualDisk', spec: '{persistentVolumeClaim: {size: 1Gi, storageClassName: old}}', says: /deprecated/, module: '1.10' },
  { code: 'disk-driver', kind: 'VirtualDisk', spec: '{persistentVolumeClaim: {size: 1Gi}}', says: /cannot be determined/, module: '1.10' },
  { code: 'old-image-storage', kind: 'VirtualImage', spec: '{storage: Kubernetes}', says: /deprecated/ },
  { code: 'image-storage-class', kind: 'VirtualImage', spec: '{storage: PersistentVolumeClaim, persistentVolumeClaim: {storageClassName: nobody}}', says: /"nobody" not found/, module: '1.10' },
  { code: 'operation-under-way', kind: 'VirtualMachineOperation', spec: '{type: Restart, virtualMachineName: a}', says: /operation "older" should finish first/, module: '1.10' },
  { code: 'migration-target', kind: 'VirtualMachineOperation', spec: '{type: Migrate, virtualMachineName: b, migrate: {nodeSelector: {}}}', says: /not available in the Community Edition/, module: '1.10' },
  { code: 'migration-of-local-disks', kind: 'VirtualMachineOperation', spec: '{type: Evict, virtualMachineName: b}', says: /"b" not found/, module: '1.10' },
  { code: 'deprecated-migrate', kind: 'VirtualMachineOperation', spec: '{type: Migrate, virtualMachineName: b}', says: /Migrate type is deprecated/, module: '0.17' },
  { code: 'disk-attached-twice', kind: 'VirtualMachineBlockDeviceAttachment', spec: '{virtualMachineName: b, blockDeviceRef: {kind: VirtualDisk, name: extra}}', says: /n\/att already exists with the same block device extra/ },
  { code: 'frozen-spec', kind: 'VirtualMachineSnapshot', before: '{virtualMachineName: a}', spec: '{virtualMachineName: b}', says: /VirtualMachineSnapshot is an idempotent resource/ },
  { code: 'address', kind: 'VirtualMachineIPAddress', spec: '{type: Static, staticIP: 10.0.0.300}', says: /not a valid textual representation/ },
  { code: 'address-range', kind: 'VirtualMachineIPAddress', spec: '{type: Static, staticIP: 10.0.0.255}', says: /out of the valid range/ },
  { code: 'address-taken', kind: 'VirtualMachineIPAddress', spec: '{type: Static, staticIP: 10.0.0.7}', says: /already been allocated/ },
  { code: 'lease-name', kind: 'VirtualMachineIPAddressLease', name: 'ip-1-2-3', spec: '{}', says: /not a valid textual representation/ },
  { code: 'core-fraction', kind: 'VirtualMachineClass', version: 'virtualization.deckhouse.io/v1alpha3', spec: '{sizingPolicies: [{coreFractions: ["5"]}]}', says: /coreFractions\[0\]: .* got "5"/, module: '1.10' },
  { code: 'overlapping-policies', kind: 'VirtualMachineClass', spec: '{sizingPolicies: [{cores: {min: 4, max: 8}}, {cores: {min: 1, max: 4}}]}', says: /cpu crosses/ },
  { code: 'default-class', kind: 'VirtualMachineClass', more: ', annotations: {virtualmachineclass.virtualization.deckhouse.io/is-default-class: "yes"}', spec: '{}', says: /only 'true' value allowed/, module: '1.10' },
  { code: 'default-core-fraction', kind: 'VirtualMachineClass', spec: '{sizingPolicies: [{coreFractions: [5%], defaultCoreFraction: 10%}]}', says: /10% is not in the allowed coreFractions list \[5%\]/, module: '1.10' },
  { code: 'module-ranges', kind: 'ModuleConfig', name: 'virtualization', version: 'deckhouse.io/v1alpha1', spec: '{settings: {virtualMachineCIDRs: [10.0.0.0/33]}}', says: /failed to parse CIDR 10\.0\.0\.0\/33: netip\.ParsePrefix\("10\.0\.0\.0\/33"\): prefix length out of range/, module: '1.10' },
  { code: 'module-ranges', kind: 'ModuleConfig', name: 'virtualization', version: 'deckhouse.io/v1alpha1', spec: '{settings: {virtualMachineCIDRs: [10.0.0.0/24, 10.0.0.128/25]}}', says: /subnet 10\.0\.0\.128\/25 is invalid: should not overlap with subnet 10\.0\.0\.0\/24/, module: '1.10' },
  { code: 'module-ranges', kind: 'ModuleConfig', name: 'virtualization', version: 'deckhouse.io/v1alpha1', spec: '{settings: {virtualMachineCIDRs: [10.1.0.0/16]}}', says: /podSubnetCIDR: subnet 10\.1\.0\.0\/16 is invalid: should not overlap with subnet 10\.1\.2\.0\/24/, module: '1.10' },
  { code: 'module-ranges', kind: 'ModuleConfig', name: 'virtualization', version: 'deckhouse.io/v1alpha1', spec: '{settings: {virtualMachineCIDRs: [10.2.128.0/24]}}', says: /serviceSubnetCIDR: subnet 10\.2\.128\.0\/24 is invalid: should not overlap with subnet 10\.2\.0\.0\/16/, module: '1.10' },
  { code: 'module-range-in-use', kind: 'ModuleConfig', name: 'virtualization', version: 'deckhouse.io/v1alpha1', before: '{settings: {virtualMachineCIDRs: [10.0.0.0/24, 10.9.0.0/24]}}', spec: '{settings: {virtualMachineCIDRs: [10.9.0.0/24]}}', says: /item "10\.0\.0\.0\/24" can't be removed: VirtualMachineIPAddressLease\/ip-10-0-0-7 holds/, module: '1.10' },
  { code: 'registry-size', kind: 'ModuleConfig', name: 'virtualization', version: 'deckhouse.io/v1alpha1', spec: '{settings: {dvcr: {storage: {persistentVolumeClaim: {size: 50Gb}}}}}', says: /quantities must match/, module: '1.10' },
  { code: 'module-image-class', kind: 'ModuleConfig', name: 'virtualization', version: 'deckhouse.io/v1alpha1', spec: '{settings: {virtualImages: {defaultStorageClassName: nobody}}}', says: /StorageProfile\.storage\.virtualization\.deckhouse\.io "nobody" not found/, module: '1.10' },
];

for (const { code, kind, spec, says, module, before, ...meta } of rows) {
  test(`platform/${code}${module ? ` (${module})` : ''}: ${says.source}`, () => {
    const situation = { object: object(kind, spec, meta), before: before === undefined ? undefined : object(kind, before, meta), facts: factsOf(cluster, settings) };
    for (const each of module ? [module] : ['1.10', '0.17'] as const) {
      const found = platformFindings(each, kind, situation).filter((finding) => finding.code === `platform/${code}`);
      assert.ok(found.some(({ message }) => says.test(message)), `${each}: ${JSON.stringify(found)}`);
      assert.ok(found.every(({ path }) => path.length === 0 || path[0] === 'spec' || path[0] === 'metadata'));
    }
  });
}

test('rules that need facts say nothing without them', () => {
  const needFacts = ['missing-class', 'sizing-policy', 'first-device-not-bootable', 'device-already-attached', 'disk-storage-class', 'disk-driver', 'image-storage-class', 'operation-under-way', 'address-range', 'address-taken', 'module-image-class', 'networks-need-sdn', 'usb-devices'];
  for (const { code, kind, spec, module = '1.10' } of rows.filter((row) => needFacts.includes(row.code))) {
    const found = platformFindings(module, kind, { object: object(kind, spec), before: undefined, facts: noFacts });
    assert.deepEqual(found.filter((finding) => finding.code === `platform/${code}`), []);
  }
});

test('a range of machines may be widened, keep bits of the host and stand beside IPv6', () => {
  const settings = (ranges: string) => object('ModuleConfig', `{settings: {virtualMachineCIDRs: [${ranges}]}}`, { name: 'virtualization', version: 'deckhouse.io/v1alpha1' });
  const found = platformFindings('1.10', 'ModuleConfig', { object: settings('10.0.0.9/16, "fd00::/64"'), before: settings('10.0.0.0/24'), facts: factsOf(cluster, {}) });
  assert.deepEqual(found, []);
});

test('every rule of every webhook is denied once above, or needs volumes of a real cluster', () => {
  const untested = new Set(Object.values(webhooks).flatMap((kinds) => Object.values(kinds)).flatMap(({ rules }) => rules.map(({ code }) => code)));
  rows.forEach(({ code }) => untested.delete(`platform/${code}`));
  const withRecordings = ['network-id-changed', 'missing-network', 'disk-out-of-reach', 'disk-source-frozen', 'terminating-frozen', 'image-driver', 'image-frozen', 'bound-address-frozen'];
  assert.deepEqual([...untested].sort(), withRecordings.map((code) => `platform/${code}`).sort());
});

test('the mutating webhook: defaults, zero values and spelling of a machine', () => {
  const kind = kindSchemas('1.10').get('VirtualMachine');
  const version = kind?.versions[0];
  assert.ok(kind && version);
  const asked = (spec: string) => judge({
    manifest: parseManifest(`apiVersion: ${group}\nkind: VirtualMachine\nmetadata: {name: a}\nspec: ${spec}\n`), kind, version: version.name, operation: 'create',
    admission: platformAdmission('1.10', 'VirtualMachine', version.schema, factsOf(cluster, settings)) ?? {},
  });
  const machineText = (memory: string, more = '') => `{virtualMachineClassName: sized, cpu: {cores: 2}, memory: ${memory}, blockDeviceRefs: [{kind: VirtualDisk, name: r}]${more}}`;
  const { object: result, warnings } = asked(machineText('{size: 2048Mi}', ', networks: [{type: Main}]'));
  assert.deepEqual(['spec.cpu.coreFraction', 'spec.memory.size'].map((path) => valueAt(result, path)), ['50%', '2Gi']);
  assert.deepEqual(valueAt(result, 'spec.networks'), [{ type: 'Main', id: 1 }]);
  assert.deepEqual(warnings, []);
  assert.match(asked(machineText('{}')).message ?? '', /the memory size \(0\) is out of the range/);
  assert.match(asked(machineText('{size: 4gi}')).message ?? '', /quantities must match/);
  assert.equal(asked(machineText('{size: 2Gi}', ', runPolicy: on')).code, 400);
  assert.match(asked('{virtualMachineClassName: nobody, cpu: {cores: 2}, blockDeviceRefs: []}').message ?? '', /VirtualMachineClass\.virtualization\.deckhouse\.io "nobody" not found/);
  assert.match(asked('{cpu: {cores: 2}, blockDeviceRefs: []}').message ?? '', /no default VirtualMachineClass is configured/);
});
