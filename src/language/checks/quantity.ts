import { t } from '@vscode/l10n';
import { formatBytes, parseQuantity } from '../../domain/quantity';
import { valuesAt } from '../../domain/values';
import type { Check, Subject } from '../check';
import { setScalar } from '../edits';
import { canonicalQuantity } from '../quantityText';

/** Fields that hold an amount of bytes, by kind. */
const byteFields: Readonly<Record<string, readonly string[]>> = {
  VirtualMachine: ['spec.memory.size'],
  VirtualMachinePool: ['spec.virtualMachineTemplate.spec.memory.size'],
  VirtualDisk: ['spec.persistentVolumeClaim.size'],
};

const nanoPerByte = 1_000_000_000n;

/** Less than this is a slip of the unit rather than an amount that anybody wants: 1 MiB. */
const smallestNano = 1024n * 1024n * nanoPerByte;

export const smallAmount: Check = {
  code: 'advice/small-amount',
  severity: 'warning',
  *check(subject) {
    for (const { path, value } of amountsIn(subject)) {
      const quantity = parseQuantity(value);
      if (!quantity || quantity.nano >= smallestNano || (subject.identity.id === 'VirtualDisk' && quantity.nano === 0n)) {
        continue;
      }
      const digits = /^\d+(?:\.\d+)?(?=m?$)/.exec(String(value))?.[0];
      yield {
        path, message: t('{0} is {1}, which is probably not what is meant. Write amounts with a unit, such as "4Gi".', String(value), formatBytes(quantity)),
        ...(digits !== undefined && Number(digits) > 0 && { fixes: () => [{ title: t('Change to "{0}"', unitGuess(Number(digits))), changes: [setScalar(subject.manifest, path, unitGuess(Number(digits)))] }] }),
      };
    }
  },
};

export const quantitySpelling: Check = {
  code: 'advice/quantity-spelling',
  severity: 'hint',
  *check(subject) {
    for (const { path, value } of amountsIn(subject)) {
      const canonical = canonicalQuantity(value);
      const quantity = parseQuantity(value);
      if (canonical !== undefined && canonical !== String(value) && quantity && quantity.nano >= smallestNano) {
        yield {
          path, message: t('The cluster stores this amount as "{0}".', canonical),
          fixes: () => [{ title: t('Change to "{0}"', canonical), changes: [setScalar(subject.manifest, path, canonical)] }],
        };
      }
    }
  },
};

export const negativeGracePeriod: Check = {
  code: 'advice/negative-grace-period',
  severity: 'warning',
  *check({ object, manifest }) {
    for (const { path, value } of valuesAt(object, 'spec.terminationGracePeriodSeconds')) {
      if (typeof value === 'number' && value < 0) {
        yield { path, message: t('A negative time lets the guest no time to shut down. Use 0 for that, or 60, which is the default.'), fixes: () => [60, 0].map((seconds) => ({ title: t('Change to "{0}"', seconds), changes: [setScalar(manifest, path, String(seconds))] })) };
      }
    }
  },
};

function* amountsIn({ object, identity }: Subject) {
  for (const field of byteFields[identity.id] ?? []) {
    yield* valuesAt(object, field);
  }
}

/** `4` and `4000m` are gigabytes to whoever writes them, `4096` megabytes. */
function unitGuess(amount: number): string {
  return amount >= 512 && Number.isInteger(amount) ? (amount % 1024 === 0 ? `${amount / 1024}Gi` : amount % 1000 === 0 ? `${amount / 1000}Gi` : `${amount}Mi`) : `${amount}Gi`;
}
