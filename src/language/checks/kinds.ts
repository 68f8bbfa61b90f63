import { t } from '@vscode/l10n';
import { platformGroup } from '../../domain/kind';
import { groupOf, kinds, knownKind } from '../../domain/kinds/index';
import type { Check, Remark, Subject } from '../check';
import type { Change } from '../edits';
import { setScalar } from '../edits';
import { rangeAt } from '../manifest';
import { isObject } from '../prune';
import { nearest } from '../similar';

/** A kind or version of the platform's group that the platform does not have. */
export const unknownKind: Check = {
  code: 'schema/unknown-kind',
  severity: 'error',
  *check(subject) {
    const { identity, schemas, schema, manifest } = subject;
    if (!isObject(manifest.value) && manifest.value !== null) {
      yield { path: [], message: Array.isArray(manifest.value) ? t('This is a list; a manifest is a mapping. Write one document for each, separated by "{0}".', '---') : t('This is one text; a manifest is a mapping of fields.') };
      return;
    }
    if (schema || isGone(subject) || groupOf(identity.apiVersion) !== platformGroup) {
      return;
    }
    if (identity.kind === '') {
      yield { path: ['kind'], message: t('"{0}" has to say what this manifest describes, for example "{1}".', 'kind', kinds.VirtualMachine.name) };
      return;
    }
    if (knownKind(identity.kind)) {
      yield { path: ['kind'], message: t('The module {0} does not have the kind "{1}".', schemas.module, identity.kind) };
      return;
    }
    const meant = nearest(identity.kind, schemas.platformKinds().flatMap(({ names }) => [names.kind, names.plural]));
    const kind = schemas.platformKinds().find(({ names }) => names.kind === meant || names.plural === meant)?.names.kind;
    yield { path: ['kind'], ...guess(subject, ['kind'], identity.kind, kind, t('The platform has no kind "{0}".', identity.kind)) };
  },
};

export const unknownVersion: Check = {
  code: 'schema/unknown-version',
  severity: 'error',
  *check(subject) {
    const { schema, version, identity } = subject;
    if (!schema || version || schema.group !== platformGroup) {
      return;
    }
    const served = schema.versions.filter((each) => each.served).map(({ name }) => `${platformGroup}/${name}`);
    const message = identity.apiVersion === '' ? t('"{0}" has to say what this manifest describes, for example "{1}".', 'apiVersion', served[0] ?? platformGroup) : t('"{0}" does not serve the kind "{1}". Possible are: {2}.', identity.apiVersion, identity.kind, served.join(', '));
    yield { path: ['apiVersion'], message, fixes: () => served.map((text) => ({ title: t('Change to "{0}"', text), changes: [setField(subject, 'apiVersion', text)] })) };
  },
};

/** Whether the kind existed once and the schemas in use no longer have it; `removedKind` tells what to do then. */
export function isGone({ identity, schema }: Subject): boolean {
  return !schema && identity.id === kinds.VirtualMachineRestore.id;
}

/** Puts a text at a field of the first level that may not be there yet. */
function setField({ manifest, object }: Subject, field: string, text: string): Change {
  if (Object.hasOwn(object, field)) {
    return setScalar(manifest, [field], text);
  }
  const { start } = rangeAt(manifest, [Object.keys(object)[0] ?? ''], 'key');
  const isJson = manifest.text[start] === '"';
  return { range: { start, end: start }, text: isJson ? `"${field}": "${text}", ` : `${field}: ${text}\n` };
}

function guess({ manifest }: Subject, path: readonly string[], name: string, meant: string | undefined, plain: string): Omit<Remark, 'path'> {
  if (meant === undefined) {
    return { message: plain };
  }
  return { message: t('The platform has no kind "{0}". Did you mean "{1}"?', name, meant), fixes: () => [{ title: t('Change to "{0}"', meant), changes: [setScalar(manifest, path, meant)] }] };
}
