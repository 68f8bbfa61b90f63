import type { Check } from '../check';
import { unknownKind, unknownVersion } from './kinds';
import { operationFails, snapshotFails } from './outcomes';
import { emptyRange, nothingNamed } from './pointless';
import { negativeGracePeriod, quantitySpelling, smallAmount } from './quantity';
import { attachedElsewhere, missingObject, notReady, wrongKind, wrongSecret } from './references';
import { nameReplacements, oldVersion, removedField, removedKind } from './removed';
import { cloudConfigHeader, cloudInitInvalid, cloudInitOutdatedKey, cloudInitSyntax, cloudInitUnknownKey, plainPassword } from './userData';

/** Checks that need nothing but the document. */
export const documentChecks: readonly Check[] = [
  unknownKind, unknownVersion, oldVersion, removedField, nameReplacements,
  smallAmount, quantitySpelling, negativeGracePeriod, nothingNamed, emptyRange,
  cloudConfigHeader, cloudInitSyntax, cloudInitUnknownKey, cloudInitInvalid, cloudInitOutdatedKey, plainPassword,
];

/** Checks that look at the cluster and at other manifests. */
export const surroundingChecks: readonly Check[] = [removedKind, missingObject, wrongKind, notReady, wrongSecret, attachedElsewhere, operationFails, snapshotFails];
