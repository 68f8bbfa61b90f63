import { listAt, numberAt, stringAt, valueAt, type Path } from '../../domain/values';
import { goNumber, isGoInteger } from '../goText';
import { jsonType } from '../metadata';
import { isObject, type JsonObject } from '../prune';
import { canonicalQuantity, quantityError } from '../quantityText';
import type { Outcome, Situation } from '../rule';
import { cloneJson, type Json } from '../scalars';
import { propertyOf, type Schema } from '../structural';
import { numberNetworks } from './machineNetworks';
import { policiesOf, policyFor } from './machineSizing';

const defaultClassKey = 'virtualmachineclass.virtualization.deckhouse.io/is-default-class';

/**
 * What the platform's mutating webhook does to a machine: it reads the object into its own types and writes it again, which
 * turns what is missing into zero values, and it fills in class, core fraction and network numbers. Changes `object`;
 * a denial comes back instead where it cannot read or decide.
 */
export function fillInMachine(situation: Situation, schema: Schema): Outcome | undefined {
  const { object } = situation;
  const undecodable = findUndecodable(object['spec'] ?? null, propertyOf(schema, 'spec'), ['spec'], 'spec');
  if (undecodable) {
    return undecodable;
  }
  const denied = fillInClass(situation) ?? fillInFraction(situation);
  if (denied) {
    return denied;
  }
  numberNetworks(object);
  fillInZeroes(object);
  return undefined;
}

function fillInClass({ object, facts }: Situation): Outcome | undefined {
  if (stringAt(object, 'spec.virtualMachineClassName')) {
    return undefined;
  }
  const classes = facts.list('VirtualMachineClass');
  const chosen = classes?.find((each) => each.metadata.annotations?.[defaultClassKey] === 'true');
  if (chosen) {
    specOf(object)['virtualMachineClassName'] = chosen.metadata.name;
  } else if (classes) {
    return {
      deny: `spec.virtualMachineClassName is empty and no default VirtualMachineClass is configured; set spec.virtualMachineClassName explicitly or mark one VirtualMachineClass as default with the "${defaultClassKey}" annotation set to "true"`,
      path: ['spec', 'virtualMachineClassName'],
    };
  }
  return undefined;
}

function fillInFraction({ object, facts }: Situation): Outcome | undefined {
  if (stringAt(object, 'spec.cpu.coreFraction')) {
    return undefined;
  }
  const cpu = specOf(object)['cpu'];
  const name = stringAt(object, 'spec.virtualMachineClassName') ?? '';
  const machineClass = facts.get('VirtualMachineClass', name);
  if (machineClass === null) {
    return { deny: `VirtualMachineClass.virtualization.deckhouse.io "${name}" not found`, code: 404, path: ['spec', 'virtualMachineClassName'] };
  }
  if (isObject(cpu)) {
    delete cpu['coreFraction'];
  }
  if (!machineClass) {
    return undefined;
  }
  const cores = numberAt(object, 'spec.cpu.cores') ?? 0;
  const policies = policiesOf(machineClass);
  const policy = policyFor(policies, cores);
  if (policies.length > 0 && !policy) {
    return { deny: `the specified ".spec.cpu.cores ${cores}" value is not among the sizing policies allowed for the virtual machine`, path: ['spec', 'cpu', 'cores'] };
  }
  const fraction = policy?.defaultFraction ?? (!policy || policy.fractions.length === 0 || policy.fractions.includes('100%') ? '100%' : undefined);
  if (fraction === undefined) {
    return {
      deny: `the default value for core fraction is not defined. For the specified configuration ".spec.cpu.cores ${cores}", the following core fractions are allowed: [${policy?.fractions.join(' ') ?? ''}]. Please specify the ".spec.core.coreFraction" value and try again`,
      path: ['spec', 'cpu', 'coreFraction'],
    };
  }
  specOf(object)['cpu'] = { ...(isObject(cpu) ? cpu : {}), coreFraction: fraction };
  return undefined;
}

/** Fields that the platform's types write even when they are empty, by the place that holds them. */
const zeroes: readonly (readonly [holder: string, fields: Readonly<Record<string, Json>>])[] = [
  ['spec', { blockDeviceRefs: null, cpu: {}, memory: {}, virtualMachineClassName: '' }],
  ['spec.cpu', { cores: 0 }],
  ['spec.memory', { size: '0' }],
  ['spec.blockDeviceRefs[]', { kind: '', name: '' }],
  ['spec.networks[]', { type: '' }],
  ['spec.usbDevices[]', { name: '' }],
  ['spec.provisioning', { type: '' }],
  ['spec.provisioning.userDataRef', { kind: '', name: '' }],
  ['spec.provisioning.sysprepRef', { kind: '', name: '' }],
  ['spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution', { nodeSelectorTerms: null }],
  ['spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[]', { weight: 0, preference: {} }],
  ['spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[].matchExpressions[]', { key: '', operator: '' }],
  ['spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[].matchFields[]', { key: '', operator: '' }],
  ['spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[].preference.matchExpressions[]', { key: '', operator: '' }],
  ['spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[].preference.matchFields[]', { key: '', operator: '' }],
  ...['virtualMachineAndPodAffinity', 'virtualMachineAndPodAntiAffinity'].flatMap((block) => [
    [`spec.affinity.${block}.requiredDuringSchedulingIgnoredDuringExecution[]`, { topologyKey: '' }] as const,
    [`spec.affinity.${block}.preferredDuringSchedulingIgnoredDuringExecution[]`, { weight: 0 }] as const,
    [`spec.affinity.${block}.preferredDuringSchedulingIgnoredDuringExecution[].virtualMachineAndPodAffinityTerm`, { topologyKey: '' }] as const,
    [`spec.affinity.${block}.requiredDuringSchedulingIgnoredDuringExecution[].labelSelector.matchExpressions[]`, { key: '', operator: '' }] as const,
  ]),
  ['spec.topologySpreadConstraints[]', { maxSkew: 0, topologyKey: '', whenUnsatisfiable: '' }],
  ['spec.topologySpreadConstraints[].labelSelector.matchExpressions[]', { key: '', operator: '' }],
];

const zeroSteps = zeroes.map(([holder, fields]) => ({ steps: holder.replaceAll('[]', '.[]').split('.'), fields: Object.entries(fields) }));

function fillInZeroes(object: JsonObject): void {
  for (const { steps, fields } of zeroSteps) {
    fillInAt(object, steps, 0, fields);
  }
  dropEmptyTexts(object);
  const memory = specOf(object)['memory'];
  if (isObject(memory)) {
    memory['size'] = canonicalQuantity(memory['size']) ?? memory['size'] ?? '0';
  }
}

/** Optional texts that are empty are not written. */
function dropEmptyTexts(object: JsonObject): void {
  const spec = specOf(object);
  if (spec['networks'] !== undefined && listAt(object, 'spec.networks').length === 0) {
    delete spec['networks'];
  }
}

/** Asked some twenty times for every machine: nothing is allocated on the way to what is not there. */
function fillInAt(value: unknown, steps: readonly string[], at: number, fields: readonly (readonly [string, Json])[]): void {
  const step = steps[at];
  if (step === '[]') {
    (Array.isArray(value) ? (value as unknown[]) : []).forEach((item) => fillInAt(item, steps, at + 1, fields));
  } else if (!isObject(value as Json)) {
    return;
  } else if (step !== undefined) {
    fillInAt((value as JsonObject)[step], steps, at + 1, fields);
  } else {
    for (const [field, zero] of fields) {
      const target = value as JsonObject;
      if ((target[field] ?? null) === null) {
        target[field] = cloneJson(zero);
      }
    }
  }
}

/** The Go structs behind the objects of a machine's spec, where a message names them. */
const structs: readonly (readonly [RegExp, string])[] = [
  [/^spec$/, 'VirtualMachineSpec'], [/^spec\.blockDeviceRefs$/, 'BlockDeviceSpecRef'], [/^spec\.networks$/, 'NetworksSpec'],
  [/^spec\.tolerations$/, 'Toleration'], [/^spec\.cpu$/, 'CPUSpec'], [/^spec\.memory$/, 'MemorySpec'], [/^spec\.provisioning$/, 'Provisioning'],
  [/^spec\.provisioning\.userDataRef$/, 'UserDataRef'], [/^spec\.provisioning\.sysprepRef$/, 'SysprepRef'], [/^spec\.disruptions$/, 'Disruptions'],
  [/^spec\.usbDevices$/, 'USBDeviceSpecRef'], [/^spec\.topologySpreadConstraints$/, 'TopologySpreadConstraint'], [/matchExpressions$/, 'LabelSelectorRequirement'],
];

/** Fields whose Go type is not the plain one of their schema. */
const goTypes: Readonly<Record<string, string>> = {
  'spec.runPolicy': 'v1alpha2.RunPolicy', 'spec.osType': 'v1alpha2.OsType', 'spec.bootloader': 'v1alpha2.BootloaderType',
  'spec.liveMigrationPolicy': 'v1alpha2.LiveMigrationPolicy', 'spec.disruptions.restartApprovalMode': 'v1alpha2.RestartApprovalMode',
  'spec.blockDeviceRefs.bootOrder': 'uint', 'spec.blockDeviceRefs.kind': 'v1alpha2.BlockDeviceKind', 'spec.networks.id': 'int', 'spec.cpu.cores': 'int',
  'spec.provisioning.type': 'v1alpha2.ProvisioningType',
};

/** The first value that Go's types cannot hold, as the webhook's decoder tells it. `field` is the path without indices. */
function findUndecodable(value: Json, schema: Schema | undefined, path: (string | number)[], field: string): Outcome | undefined {
  if (value === null || !schema) {
    return undefined;
  }
  if (field === 'spec.memory.size') {
    return canonicalQuantity(value) === undefined ? { deny: quantityError, code: 400, path: [...path] } : undefined;
  }
  if (!fits(value, schema, field)) {
    return undecodable(value, schema, [...path], field);
  }
  if (typeof value !== 'object') {
    return undefined;
  }
  for (const step of Array.isArray(value) ? value.keys() : Object.keys(value).sort()) {
    const child = (value as Readonly<Record<string | number, Json>>)[step] ?? null;
    path.push(step);
    const found = typeof step === 'number' ? findUndecodable(child, schema.items, path, field) : findUndecodable(child, propertyOf(schema, step), path, `${field}.${step}`);
    path.pop();
    if (found) {
      return found;
    }
  }
  return undefined;
}

function fits(value: Json, schema: Schema, field: string): boolean {
  switch (schema.type) {
    case undefined:
      return !schema['x-kubernetes-int-or-string'] || typeof value === 'string' || typeof value === 'number';
    case 'integer':
      return typeof value === 'number' && isGoInteger(value) && (value >= 0 || goTypes[field] !== 'uint');
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isObject(value);
    case 'string':
    case 'number':
    case 'boolean':
      break;
  }
  return typeof value === schema.type;
}

function undecodable(value: Json, schema: Schema, path: Path, field: string): Outcome {
  const goType = goTypes[field] ?? ({ integer: 'int64', number: 'float64', boolean: 'bool', string: 'string', object: 'map[string]string', array: '[]string' }[schema.type ?? 'string']);
  const holder = path.slice(0, -1).filter((step) => typeof step === 'string');
  const isTextMap = schema.type === 'string' && !structs.some(([pattern]) => pattern.test(holder.join('.'))) && holder.length > 1;
  const [owner, shownField] = isTextMap ? [structOf(holder.slice(0, -1).join('.')), holder.join('.')] : [structOf(holder.join('.')), field];
  const shown = typeof value === 'number' && schema.type === 'integer' ? `number ${goNumber(value)}` : jsonType(value);
  return { deny: `json: cannot unmarshal ${shown} into Go struct field ${owner}.${shownField} of type ${goType}`, code: 400, path };
}

function structOf(holder: string): string {
  return structs.find(([pattern]) => pattern.test(holder))?.[1] ?? 'VirtualMachineSpec';
}

function specOf(object: JsonObject): JsonObject {
  const spec = valueAt(object, 'spec');
  if (isObject(spec as Json)) {
    return spec as JsonObject;
  }
  object['spec'] = {};
  return object['spec'];
}
