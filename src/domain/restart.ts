import { text } from './text';

/** When a change of a running machine takes effect; virtualization v1.10. */
export type ChangeEffect = 'live' | 'restart' | 'sometimes';

export interface RestartRule {
  /** Dotted path below `spec`; it holds for everything below it. */
  readonly field: string;
  readonly ce: ChangeEffect;
  /** Editions EE and SE+; absent: as `ce`. */
  readonly ee?: ChangeEffect;
  /** What decides where it is `sometimes`. English, translated where it is shown. */
  readonly note?: string;
}

/** Fields that are not here are not known. */
const rules: readonly RestartRule[] = [
  { field: 'runPolicy', ce: 'live' },
  { field: 'disruptions', ce: 'live' },
  { field: 'liveMigrationPolicy', ce: 'live' },
  { field: 'affinity', ce: 'restart', ee: 'live' },
  { field: 'nodeSelector', ce: 'restart', ee: 'live' },
  { field: 'tolerations', ce: 'restart', ee: 'live' },
  { field: 'cpu.cores', ce: 'restart', ee: 'sometimes', note: text('Live where CPU hot-plug is switched on and the number of sockets stays.') },
  { field: 'cpu.coreFraction', ce: 'restart', ee: 'sometimes', note: text('Live where CPU hot-plug is switched on, except from and to 100%.') },
  { field: 'memory.size', ce: 'restart', ee: 'sometimes', note: text('Live where memory hot-plug is switched on and memory grows, from 1 GiB on.') },
  { field: 'blockDeviceRefs', ce: 'sometimes', note: text('Live for machines with paravirtualization, except devices that were there at boot and cannot be unplugged.') },
  { field: 'networks', ce: 'sometimes', note: text('Additional networks live; the main network with a restart.') },
  { field: 'usbDevices', ce: 'live' },
  { field: 'provisioning', ce: 'restart', note: text('Taking cloud-init away is live.') },
  { field: 'virtualMachineClassName', ce: 'restart' },
  { field: 'virtualMachineIPAddressName', ce: 'restart' },
  { field: 'topologySpreadConstraints', ce: 'restart' },
  { field: 'priorityClassName', ce: 'restart' },
  { field: 'terminationGracePeriodSeconds', ce: 'restart' },
  { field: 'enableParavirtualization', ce: 'restart' },
  { field: 'osType', ce: 'restart' },
  { field: 'bootloader', ce: 'restart' },
];

/** The rule for a field of a machine's `spec`, e.g. `cpu.cores`; `undefined` where nothing is known. */
export function restartRule(field: string): RestartRule | undefined {
  return rules.find((rule) => field === rule.field || field.startsWith(`${rule.field}.`) || field.startsWith(`${rule.field}[`));
}
