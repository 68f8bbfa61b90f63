import { t } from '@vscode/l10n';
import { platformGroup } from '../../domain/kind';
import { kinds, knownKind } from '../../domain/kinds/index';
import type { Check, Remark, Subject } from '../check';
import { setScalar } from '../edits';
import { nearest } from '../similar';

/** A kind or version of the platform's group that the platform does not have. */
export const unknownKind: Check = {
  code: 'schema/unknown-kind',
  severity: 'error',
  *check(subject) {
    const { identity, schemas, schema } = subject;
    if (schema || identity.kind === '' || isGone(subject) || !identity.apiVersion.startsWith(`${platformGroup}/`)) {
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
    const message = t('"{0}" does not serve the kind "{1}". Possible are: {2}.', identity.apiVersion, identity.kind, served.join(', '));
    yield { path: ['apiVersion'], message, fixes: () => served.map((text) => ({ title: t('Change to "{0}"', text), changes: [setScalar(subject.manifest, ['apiVersion'], text)] })) };
  },
};

/** Whether the kind existed once and the schemas in use no longer have it; `removedKind` tells what to do then. */
export function isGone({ identity, schema }: Subject): boolean {
  return !schema && identity.id === kinds.VirtualMachineRestore.id;
}

function guess({ manifest }: Subject, path: readonly string[], name: string, meant: string | undefined, plain: string): Omit<Remark, 'path'> {
  if (meant === undefined) {
    return { message: plain };
  }
  return { message: t('The platform has no kind "{0}". Did you mean "{1}"?', name, meant), fixes: () => [{ title: t('Change to "{0}"', meant), changes: [setScalar(manifest, path, meant)] }] };
}
