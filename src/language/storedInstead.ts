import { t } from '@vscode/l10n';
import type { Path } from '../domain/values';
import { decodeObject } from './apiServer';
import type { Subject } from './check';
import { noFacts } from './rule';
import { fillInMachine } from './rules/machineDefaults';
import type { Json } from './scalars';
import { schemaAt } from './schemaPath';
import { validateSchema } from './validate';
import { valueOf } from './values';

/**
 * What the platform makes of a value that the schema refuses: since 1.10 its webhook writes a machine anew before the API
 * server looks at it. A sentence, or `undefined` where the value stays refused.
 */
export function storedInstead({ manifest, schema, version, schemas, identity }: Subject, path: Path): string | undefined {
  if (identity.id !== 'VirtualMachine' || schemas.module !== '1.10' || !schema || !version) {
    return undefined;
  }
  if (path.join('.') === 'spec.virtualMachineClassName') {
    return t('A platform that has a default class fills it in.');
  }
  if (path.join('.') === 'spec.cpu.coreFraction' && valueOf(manifest.value, path) === '') {
    return t('The platform itself lets this pass and takes the default of the class.');
  }
  const { object } = decodeObject(manifest, schema, version);
  if (!object) {
    return undefined;
  }
  const before = JSON.stringify(valueOf(object, path) ?? null);
  if (fillInMachine({ object, before: undefined, facts: noFacts }, version.schema)) {
    return undefined;
  }
  const stored: Json | undefined = valueOf(object, path);
  const field = schemaAt(version.schema, path);
  const isStored = field !== undefined && stored !== undefined && JSON.stringify(stored) !== before && validateSchema(stored, field).length === 0;
  return isStored ? t('The platform itself lets this pass and stores "{0}".', typeof stored === 'string' ? stored : JSON.stringify(stored)) : undefined;
}
