import type { KubeObject } from '../../domain/kubeObject';
import { parseQuantity, toUnits } from '../../domain/quantity';
import { listAt, numberAt, stringAt, valueAt } from '../../domain/values';
import type { JsonObject } from '../prune';
import { binaryText, canonicalQuantity } from '../quantityText';
import type { AdmissionRule, Outcome, Situation } from '../rule';

/** Highest count of cores; virtualization v1.10, `validators/cpu`. */
const mostCores = 248;

/** One entry of a class's `sizingPolicies`, with amounts of memory in bytes. */
export interface SizingPolicy {
  readonly minCores: number;
  readonly maxCores: number;
  readonly coreStep: number | undefined;
  /** As percentages, e.g. `50%`; empty when anything goes. */
  readonly fractions: readonly string[];
  readonly defaultFraction: string | undefined;
  readonly memory: Bounds;
  readonly perCore: Bounds;
}

export interface Bounds {
  readonly min: bigint | undefined;
  readonly max: bigint | undefined;
  readonly step: bigint | undefined;
}

/** What a class says of sizes; limits that are absent are 0 and the largest number. */
export function policiesOf(machineClass: KubeObject): readonly SizingPolicy[] {
  return listAt(machineClass, 'spec.sizingPolicies').map((policy) => ({
    minCores: numberAt(policy, 'cores.min') ?? 0,
    maxCores: numberAt(policy, 'cores.max') ?? Number.MAX_SAFE_INTEGER,
    coreStep: numberAt(policy, 'cores.step'),
    fractions: listAt(policy, 'coreFractions').map(asPercent),
    defaultFraction: valueAt(policy, 'defaultCoreFraction') === undefined ? undefined : asPercent(valueAt(policy, 'defaultCoreFraction')),
    memory: boundsAt(policy, 'memory', valueAt(policy, 'memory.step')),
    perCore: boundsAt(policy, 'memory.perCore', valueAt(policy, 'memory.step')),
  }));
}

/** The first policy whose range holds the cores. */
export function policyFor(policies: readonly SizingPolicy[], cores: number): SizingPolicy | undefined {
  return policies.find(({ minCores, maxCores }) => minCores <= cores && cores <= maxCores);
}

export const coreCount: AdmissionRule = {
  code: 'platform/core-count',
  *check({ object }) {
    const cores = numberAt(object, 'spec.cpu.cores') ?? 0;
    const problem = cores > mostCores ? `number of cores should not exceed ${mostCores}` : coreStepProblem(cores);
    if (problem) {
      yield { deny: problem, path: ['spec', 'cpu', 'cores'] };
    }
  },
};

/** Module 0.17 knows the steps and no upper limit. */
export const coreCountUnlimited: AdmissionRule = {
  code: 'platform/core-count',
  *check({ object }) {
    const problem = coreStepProblem(numberAt(object, 'spec.cpu.cores') ?? 0);
    if (problem) {
      yield { deny: problem, path: ['spec', 'cpu', 'cores'] };
    }
  },
};

export const sizingPolicy: AdmissionRule = { code: 'platform/sizing-policy', check: (situation) => checkSizing(situation, sizingReasons) };

/** Module 0.17: other words, no step of cores, total memory only where the policy has a maximum. */
export const sizingPolicyOld: AdmissionRule = { code: 'platform/sizing-policy', check: (situation) => checkSizing(situation, oldSizingReasons) };

export const missingClass: AdmissionRule = {
  code: 'platform/missing-class',
  *check({ object, facts }) {
    const name = stringAt(object, 'spec.virtualMachineClassName');
    if (name !== undefined && facts.get('VirtualMachineClass', name) === null) {
      yield {
        warn: `The VM class "${name}" does not exist; it may not have been created yet. Until it is created, the virtual machine will remain in a pending status.`,
        path: ['spec', 'virtualMachineClassName'],
      };
    }
  },
};

type Reasons = (size: MachineSize, policies: readonly SizingPolicy[], names: { machine: string; machineClass: string }) => Outcome | undefined;

interface MachineSize {
  readonly cores: number;
  readonly fraction: string;
  readonly bytes: bigint;
  /** As it is stored. */
  readonly memoryText: string;
}

function* checkSizing({ object, facts }: Situation, reasons: Reasons): Iterable<Outcome> {
  const machineClass = stringAt(object, 'spec.virtualMachineClassName') ?? '';
  const found = facts.get('VirtualMachineClass', machineClass);
  const policies = found ? policiesOf(found) : [];
  const size = sizeOf(object);
  const outcome = policies.length === 0 ? undefined : reasons(size, policies, { machine: stringAt(object, 'metadata.name') ?? '', machineClass });
  if (outcome) {
    yield outcome;
  }
}

function sizingReasons(size: MachineSize, policies: readonly SizingPolicy[], { machineClass }: { machineClass: string }): Outcome | undefined {
  const { cores, fraction, bytes, memoryText } = size;
  const policy = policyFor(policies, cores);
  if (!policy) {
    const ranges = policies.map(({ minCores, maxCores }) => `${minCores}-${maxCores}`).join(', ');
    return { deny: `does not match any sizing policy of VirtualMachineClass "${machineClass}": its ${cores} CPU core(s) fall outside the allowed ranges (${ranges}); set the number of cores (spec.cpu.cores) accordingly`, path: ['spec', 'cpu', 'cores'] };
  }
  const found: { text: string; path: readonly string[] }[] = [];
  if (policy.fractions.length > 0 && !policy.fractions.includes(fraction)) {
    found.push({ text: `the CPU core fraction "${fraction}" is not allowed; set the core fraction (spec.cpu.coreFraction) to one of: ${policy.fractions.join(', ')}`, path: ['spec', 'cpu', 'coreFraction'] });
  }
  const nearCores = policy.coreStep === undefined ? undefined : nearest(BigInt(cores), { min: BigInt(policy.minCores), max: BigInt(policy.maxCores), step: BigInt(policy.coreStep) });
  if (nearCores) {
    found.push({ text: `the number of CPU cores (${cores}) does not match the sizing policy step; set the number of cores (spec.cpu.cores) to ${nearCores.map(String).join(' or ')}`, path: ['spec', 'cpu', 'cores'] });
  }
  const memory = memoryReason(bytes, memoryText, policy.memory) ?? perCoreReason(size, policy.perCore);
  if (memory) {
    found.push({ text: memory, path: ['spec', 'memory', 'size'] });
  }
  const [first] = found;
  if (!first) {
    return undefined;
  }
  const advice = 'check the sizing policy of the VirtualMachineClass or contact the administrator for more information';
  const start = `does not match the sizing policy of VirtualMachineClass "${machineClass}"`;
  const deny = found.length === 1 ? `${start}: ${first.text}: ${advice}` : `${start} for several reasons:${found.map(({ text }) => `\n  - ${text}`).join('')}\n${advice}`;
  return { deny, path: first.path };
}

function memoryReason(bytes: bigint, text: string, bounds: Bounds): string | undefined {
  if (isOutside(bytes, bounds)) {
    return `the memory size (${text}) is out of the range allowed by the sizing policy; set the memory size (spec.memory.size) ${rangeText(bounds)}`;
  }
  const near = nearest(bytes, bounds);
  return near && `the memory size (${text}) does not match the sizing policy step; set the memory size (spec.memory.size) to ${near.map(binaryText).join(' or ')}`;
}

function perCoreReason({ bytes, cores, memoryText }: MachineSize, bounds: Bounds): string | undefined {
  if (cores === 0 || (bounds.min === undefined && bounds.max === undefined)) {
    return undefined;
  }
  const perCore = bytes / BigInt(cores);
  const total = (each: bigint | undefined) => (each === undefined ? undefined : each * BigInt(cores));
  if (isOutside(perCore, bounds)) {
    const range = rangeText({ min: total(bounds.min), max: total(bounds.max), step: undefined });
    return `the memory size (${memoryText}) is not allowed for ${cores} CPU core(s); set the memory size (spec.memory.size) ${range}, or change the number of cores (spec.cpu.cores) (the sizing policy allows ${rangeText(bounds).replace(/^to /, '')} of memory per core)`;
  }
  const near = nearest(perCore, bounds);
  return near && `the memory size (${memoryText}) does not match the per-core sizing policy step for ${cores} CPU core(s); set the memory size (spec.memory.size) to ${near.map((each) => binaryText(each * BigInt(cores))).join(' or ')}, or change the number of cores (spec.cpu.cores)`;
}

function oldSizingReasons({ cores, fraction, bytes, memoryText }: MachineSize, policies: readonly SizingPolicy[], { machine, machineClass }: { machine: string; machineClass: string }): Outcome | undefined {
  const policy = policyFor(policies, cores);
  if (!policy) {
    return { deny: `virtual machine "${machine}" resources do not match any sizing policies in class "${machineClass}"`, path: ['spec', 'cpu', 'cores'] };
  }
  const problems: string[] = [];
  if (policy.fractions.length > 0 && !policy.fractions.includes(fraction)) {
    problems.push(`VM core fraction value ${fraction.replace('%', '')} is not within the allowed values`);
  }
  problems.push(...(policy.memory.max === undefined ? [] : oldMemoryProblem('memory', bytes, memoryText, policy.memory)));
  if (cores > 0 && policy.perCore.max !== undefined) {
    const perCore = bytes / BigInt(cores);
    problems.push(...oldMemoryProblem('per core memory', perCore, binaryText(perCore), policy.perCore));
  }
  return problems.length === 0 ? undefined : { deny: `sizing policy validate: ${problems.join('\n')}`, path: ['spec'] };
}

function oldMemoryProblem(what: string, bytes: bigint, text: string, bounds: Bounds): readonly string[] {
  const range = `available range [${binaryText(bounds.min ?? 0n)}, ${binaryText(bounds.max ?? 0n)}]`;
  if (bounds.min !== undefined && bytes < bounds.min) {
    return [`requested VM ${what} (${text}) is less than the minimum allowed, ${range}`];
  }
  if (bounds.max !== undefined && bytes > bounds.max) {
    return [`requested VM ${what} (${text}) exceeds the maximum allowed, ${range}`];
  }
  const near = nearest(bytes, bounds);
  return near ? [`requested VM ${what} does not match any available values, nearest valid values are [${near.map(binaryText).join(', ')}]`] : [];
}

function sizeOf(object: JsonObject): MachineSize {
  const memory = valueAt(object, 'spec.memory.size');
  const quantity = parseQuantity(memory);
  return {
    cores: numberAt(object, 'spec.cpu.cores') ?? 0,
    fraction: stringAt(object, 'spec.cpu.coreFraction') ?? '100%',
    bytes: quantity ? toUnits(quantity) : 0n,
    memoryText: canonicalQuantity(memory) ?? '0',
  };
}

/** The values of the grid around one that is off it: from the minimum (or 0) in steps; the maximum always counts. */
function nearest(value: bigint, { min, max, step }: Bounds): readonly bigint[] | undefined {
  if (step === undefined || step === 0n || value === max) {
    return undefined;
  }
  const start = min ?? 0n;
  const rest = (value - start) % step;
  if (rest === 0n) {
    return undefined;
  }
  const lower = value - rest;
  const upper = max !== undefined && lower + step > max ? max : lower + step;
  return [lower, upper];
}

function isOutside(value: bigint, { min, max }: Bounds): boolean {
  return (min !== undefined && value < min) || (max !== undefined && value > max);
}

function rangeText({ min, max }: Bounds): string {
  return min !== undefined && max !== undefined ? `between ${binaryText(min)} and ${binaryText(max)}`
    : min !== undefined ? `to at least ${binaryText(min)}` : `to at most ${binaryText(max ?? 0n)}`;
}

function boundsAt(policy: unknown, path: string, step: unknown): Bounds {
  const bytes = (value: unknown) => {
    const quantity = value === undefined ? undefined : parseQuantity(value);
    return quantity ? toUnits(quantity) : undefined;
  };
  return { min: bytes(valueAt(policy, `${path}.min`)), max: bytes(valueAt(policy, `${path}.max`)), step: bytes(step) };
}

/** Fractions are numbers in v1alpha2 classes and texts since. */
function asPercent(value: unknown): string {
  return typeof value === 'number' ? `${value}%` : typeof value === 'string' ? value : '';
}

function coreStepProblem(cores: number): string | undefined {
  const step = cores <= 16 ? 1 : cores <= 32 ? 2 : cores <= 64 ? 4 : 8;
  return cores % step === 0 ? undefined : `the requested number of cores must be a multiple of ${step}`;
}
