import { t } from '@vscode/l10n';
import { stringify } from 'yaml';
import { platformGroup } from '../../domain/kind';
import { listAt, stringAt, valueAt, valuesAt } from '../../domain/values';
import type { Check, Subject } from '../check';
import type { Change, Fix } from '../edits';
import { removeField, renameKey, setScalar } from '../edits';
import type { Range } from '../manifest';
import { nodeAt } from '../places';
import { isObject } from '../prune';
import type { JsonObject } from '../prune';
import { isGone } from './kinds';

/** `VirtualMachineRestore` went with v1.9.0; an operation does its work. */
export const removedKind: Check = {
  code: 'deprecated/removed-kind',
  severity: 'error',
  *check(subject) {
    if (!isGone(subject)) {
      return;
    }
    yield {
      path: ['kind'], isDeprecated: true,
      message: t('The platform no longer has the kind "{0}" since v1.9.0. Restore with a VirtualMachineOperation, or make a new machine with a VirtualMachineSnapshotOperation.', subject.identity.kind),
      fixes: () => restoreFixes(subject),
    };
  },
};

/** Fields that existed once, with what took their place. */
const removedFields: readonly { readonly kind: string; readonly field: string; readonly since: string }[] = [
  { kind: 'VirtualDiskSnapshot', field: 'spec.volumeSnapshotClassName', since: 'v0.24.0' },
  { kind: 'VirtualMachineSnapshot', field: 'spec.volumeSnapshotClasses', since: 'v0.24.0' },
];

export const removedField: Check = {
  code: 'deprecated/removed-field',
  severity: 'warning',
  *check({ object, identity, manifest, version }) {
    for (const { kind, field, since } of removedFields) {
      const path = field.split('.');
      const isThere = identity.id === kind && valueAt(object, field) !== undefined;
      if (isThere && version && !version.schema.properties?.['spec']?.properties?.[path[1] ?? '']) {
        const name = path.at(-1) ?? '';
        yield { path, part: 'key', isDeprecated: true, message: t('"{0}" is gone since {1}: the platform chooses the class of volume snapshots itself.', name, since), fixes: () => [{ title: t('Remove "{0}"', name), changes: [removeField(manifest, path)] }] };
      }
    }
  },
};

/** The plural spelling of older manifests and of examples; each `to` was an object then. */
export const nameReplacements: Check = {
  code: 'deprecated/name-replacements',
  severity: 'warning',
  *check({ object, manifest, version }) {
    for (const holder of ['spec.clone', 'spec.createVirtualMachine']) {
      const path = [...holder.split('.'), 'nameReplacements'];
      const parent = version?.schema.properties?.['spec']?.properties?.[holder.slice(5)];
      if (parent?.properties?.['nameReplacement'] && valueAt(object, path.join('.')) !== undefined) {
        yield { path, part: 'key', isDeprecated: true, message: t('This field is called "nameReplacement" now, and each "to" is a plain name.'), fixes: () => [{ title: t('Rewrite as "nameReplacement"'), changes: [renameKey(manifest, path, 'nameReplacement'), ...plainTargets(object, path, manifest)] }] };
      }
    }
  },
};

/** VirtualMachineClass moved to v1alpha3, where shares of cores are written with a percent sign. */
export const oldVersion: Check = {
  code: 'deprecated/version',
  severity: 'information',
  *check({ identity, schema, version, manifest, object }) {
    const next = schema?.versions.find(({ served, deprecated }) => served && !deprecated);
    if (!schema || !version?.deprecated || !next) {
      return;
    }
    const target = `${schema.group}/${next.name}`;
    yield {
      path: ['apiVersion'], isDeprecated: true, message: t('The version "{0}" of {1} is outdated. "{2}" takes its place.', version.name, identity.kind, next.name),
      fixes: () => [{ title: t('Move to "{0}"', next.name), changes: [setScalar(manifest, ['apiVersion'], target), ...percentages(object, manifest)] }],
    };
  },
};

function plainTargets(object: JsonObject, path: readonly string[], manifest: Subject['manifest']): readonly Change[] {
  return listAt(object, path.join('.')).flatMap((entry, index) => {
    const name = stringAt(entry, 'to.name');
    const node = nodeAt(manifest, [...path, index, 'to']);
    return name === undefined || !node ? [] : [{ range: { start: manifest.text.lastIndexOf(':', node.start - 1) + 1, end: endOf(manifest.text, node) }, text: ` ${name}` }];
  });
}

/** Without the line breaks behind a mapping on lines of its own. */
function endOf(text: string, { start, end }: Range): number {
  return start + text.slice(start, end).trimEnd().length;
}

function percentages(object: JsonObject, manifest: Subject['manifest']): readonly Change[] {
  const places = ['spec.sizingPolicies[].coreFractions[]', 'spec.sizingPolicies[].defaultCoreFraction'];
  return places.flatMap((field) => valuesAt(object, field)).flatMap(({ path, value }) => {
    const node = nodeAt(manifest, path);
    return typeof value === 'number' && node?.node === 'scalar' ? [{ range: { start: node.start, end: node.end }, text: `${value}%` }] : [];
  });
}

function restoreFixes({ object, manifest, identity, facts, namespace }: Subject): readonly Fix[] {
  const snapshot = stringAt(object, 'spec.virtualMachineSnapshotName') ?? 'snapshot';
  const renames = listAt(object, 'spec.nameReplacements').flatMap((entry) => {
    const from = valueAt(entry, 'from');
    const to = stringAt(entry, 'to') ?? stringAt(entry, 'to.name');
    return isObject(from as JsonObject) && to !== undefined ? [{ from: from as JsonObject, to }] : [];
  });
  // The old kind does not name the machine: the snapshot does, and where that is not known, it is usually called after it.
  const machine = stringAt(facts.get('VirtualMachineSnapshot', snapshot, namespace), 'spec.virtualMachineName') ?? snapshot.replace(/-snapshot.*$/, '');
  const metadata = isObject(object['metadata']) ? object['metadata'] : { name: identity.name ?? 'restore' };
  const head = { apiVersion: `${platformGroup}/v1alpha2` };
  const operation = { ...head, kind: 'VirtualMachineOperation', metadata, spec: { type: 'Restore', virtualMachineName: machine, restore: { mode: 'Strict', virtualMachineSnapshotName: snapshot } } };
  const clone = {
    ...head, kind: 'VirtualMachineSnapshotOperation', metadata,
    spec: { type: 'CreateVirtualMachine', virtualMachineSnapshotName: snapshot, createVirtualMachine: { mode: 'Strict', ...(renames.length > 0 ? { nameReplacement: renames } : { customization: { nameSuffix: '-restored' } }) } },
  };
  const inPlace: Fix = { title: t('Rewrite as VirtualMachineOperation "Restore"'), changes: [rewrite(manifest, operation)] };
  const asNew: Fix = { title: t('Rewrite as VirtualMachineSnapshotOperation'), changes: [rewrite(manifest, clone)] };
  // With new names the old kind made another machine, without them it put the old one back.
  return renames.length > 0 ? [asNew, inPlace] : [inPlace, asNew];
}

function rewrite(manifest: Subject['manifest'], object: object): Change {
  const start = /^(?:\ufeff?---[^\n]*\n)?(?:[ \t]*(?:#[^\n]*)?\r?\n)*/.exec(manifest.text)?.[0].length ?? 0;
  return { range: { start, end: manifest.text.length }, text: stringify(object, { lineWidth: 0 }) };
}

