import type { Recorded } from './kit';
import { migrateFailures, migrateSuccess, queueAndQuota, supersedeMigration, systemOperations } from './migration';
import { classTerminating, pending, pendingProvisioningAddress, sizingQuota, volumeErrors } from './pending';
import { power, refusals } from './power';
import { quickStart } from './quickStart';

/** By the recording's name. */
export const scenarios: Readonly<Record<string, Recorded>> = {
  '01-quick-start': quickStart,
  '02-vm-pending': pending,
  '02b-vm-sizing-quota': sizingQuota,
  '02c-vm-pending-provisioning-ip': pendingProvisioningAddress,
  '02d-volume-errors': volumeErrors,
  '02e-class-terminating': classTerminating,
  '03a-power': power,
  '03b-op-refusals': refusals,
  '03c-migrate-success': migrateSuccess,
  '03d-migrate-failures': migrateFailures,
  '03e-migrate-queue-quota': queueAndQuota,
  '03f-supersede-migration': supersedeMigration,
  '09a-system-operations': systemOperations,
};
