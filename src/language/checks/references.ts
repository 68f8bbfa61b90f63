import { t } from '@vscode/l10n';
import { knownKind } from '../../domain/kinds/index';
import type { KubeObject } from '../../domain/kubeObject';
import { phaseOf } from '../../domain/kubeObject';
import { entryOf, listAt, stringAt, valueAt } from '../../domain/values';
import type { Check, Subject } from '../check';
import type { Fix } from '../edits';
import { setScalar } from '../edits';
import { isPlatformKind, provisioningTypes } from '../identity';
import type { NamedObject } from '../references';
import { namedObjects } from '../references';
import { nearestFirst } from '../similar';

/** How many names a finding offers to put instead. */
const offeredNames = 5;

export const missingObject: Check = {
  code: 'reference/missing-object',
  severity: 'warning',
  *check(subject) {
    for (const reference of named(subject)) {
      if (isMissing(subject, reference) && otherKind(subject, reference) === undefined) {
        const { id = '', name, path, namespace } = reference;
        const where = namespace === undefined ? t('There is no {0} "{1}".', id, name) : t('There is no {0} "{1}" in the namespace "{2}".', id, name, namespace);
        yield { path, message: where, fixes: () => otherNames(subject, reference) };
      }
    }
    const { namespace } = subject.identity;
    if (namespace !== undefined && isPlatformKind(subject.identity) && subject.facts.get('Namespace', namespace) === null) {
      yield { path: ['metadata', 'namespace'], message: t('There is no namespace "{0}".', namespace) };
    }
  },
};

export const wrongKind: Check = {
  code: 'reference/wrong-kind',
  severity: 'warning',
  *check(subject) {
    for (const reference of named(subject)) {
      const right = isMissing(subject, reference) ? otherKind(subject, reference) : undefined;
      if (right !== undefined && reference.kindField !== undefined) {
        const path = [...reference.path.slice(0, -1), reference.kindField];
        yield {
          path, message: t('"{0}" is a {1}, not a {2}.', reference.name, right, reference.id ?? ''),
          fixes: () => [{ title: t('Change to "{0}"', right), changes: [setScalar(subject.manifest, path, right)] }],
        };
      }
    }
  },
};

export const notReady: Check = {
  code: 'reference/not-ready',
  severity: 'information',
  *check(subject) {
    for (const { id, name, path, namespace } of named(subject)) {
      const object = id === undefined ? undefined : subject.facts.get(id, name, namespace);
      const phase = object ? phaseOf(object) : undefined;
      const health = phase === undefined ? undefined : entryOf(knownKind(id ?? '')?.phases, phase);
      // A machine that is off or a disk that waits for its first machine is as it should be.
      if (phase !== undefined && (health === 'failed' || (health === 'busy' && id !== 'VirtualMachine') || phase === 'WaitForUserUpload')) {
        yield { path, message: t('{0} "{1}" is not ready: its phase is {2}.', id ?? '', name, phase) };
      }
    }
  },
};

export const wrongSecret: Check = {
  code: 'reference/wrong-secret',
  severity: 'warning',
  *check(subject) {
    for (const { id, name, path, namespace } of named(subject)) {
      const secret = id === 'Secret' ? subject.facts.get(id, name, namespace) : undefined;
      const wanted = secret ? wantedSecret(String(path.at(-2))) : undefined;
      if (!secret || !wanted) {
        continue;
      }
      const keys = ['data', 'stringData'].flatMap((holder) => Object.keys((secret[holder] as object | undefined) ?? {}));
      if (secret['type'] !== wanted.type) {
        yield { path, message: t('The Secret "{0}" has the type "{1}"; here it has to be "{2}".', name, stringAt(secret, 'type') ?? 'Opaque', wanted.type) };
      } else if (keys.length > 0 && !wanted.keys.some((key) => keys.includes(key))) {
        yield { path, message: t('The Secret "{0}" has none of these keys: {1}.', name, wanted.keys.join(', ')) };
      }
    }
  },
};

export const attachedElsewhere: Check = {
  code: 'reference/attached-elsewhere',
  severity: 'warning',
  *check(subject) {
    const own = subject.identity.id === 'VirtualMachine' ? subject.identity.name : stringAt(subject.object, 'spec.virtualMachineName');
    if (own === undefined) {
      return;
    }
    for (const { id, name, path, namespace } of named(subject)) {
      const object = id === 'VirtualDisk' || id === 'VirtualMachineIPAddress' || id === 'USBDevice' ? subject.facts.get(id, name, namespace) : undefined;
      const holder = object ? holderOf(object) : undefined;
      if (holder !== undefined && holder !== own) {
        yield { path, message: t('{0} "{1}" is in use by the machine "{2}".', id ?? '', name, holder) };
      }
    }
  },
};

const namedBy = new WeakMap<Subject, readonly NamedObject[]>();

/** Every check here asks for them. */
function named(subject: Subject): readonly NamedObject[] {
  const known = namedBy.get(subject) ?? [...namedObjects(subject.object, subject.identity, subject.namespace)];
  namedBy.set(subject, known);
  return known;
}

function isMissing({ facts }: Subject, { id, name, namespace }: NamedObject): boolean {
  return id !== undefined && facts.get(id, name, namespace) === null;
}

/** Another possible kind of which there is an object of that name. */
function otherKind({ facts, namespace }: Subject, { candidates, id, name }: NamedObject): string | undefined {
  return candidates.find((candidate) => candidate !== id && facts.get(candidate, name, knownKind(candidate)?.namespaced === false ? undefined : namespace));
}

function otherNames(subject: Subject, { id, name, path, namespace }: NamedObject): readonly Fix[] {
  const names = id === undefined ? [] : (subject.facts.list(id, namespace) ?? []).map(({ metadata }) => metadata.name);
  return nearestFirst(name, [...new Set(names)], offeredNames).map((each) => ({ title: t('Change to "{0}"', each), changes: [setScalar(subject.manifest, path, each)] }));
}

function wantedSecret(field: string): { readonly type: string; readonly keys: readonly string[] } | undefined {
  return field === 'userDataRef' ? { type: provisioningTypes.cloudInit, keys: ['userData', 'userdata'] }
    : field === 'sysprepRef' ? { type: provisioningTypes.sysprep, keys: ['unattend.xml', 'autounattend.xml'] } : undefined;
}

/** The machine that uses a disk, an address or a device, as the platform says. */
function holderOf(object: KubeObject): string | undefined {
  const machines = listAt(object, 'status.attachedToVirtualMachines');
  const mounted = machines.find((machine) => valueAt(machine, 'mounted') !== false) ?? machines[0];
  return stringAt(mounted, 'name') ?? stringAt(object, 'status.virtualMachineName') ?? stringAt(object, 'status.virtualMachine');
}
