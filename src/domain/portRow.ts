import { t } from '@vscode/l10n';
import { formatDuration } from './age';
import type { PortSpec } from './portSpec';
import type { Problem } from './problem';
import { sizeText } from './quantity';

/** What came through a port so far. */
export interface PortTraffic {
  /** Open now. */
  readonly connections: number;
  /** Since the beginning, with those that were refused. */
  readonly total: number;
  /** Bytes to the machine. */
  readonly sent: number;
  /** Bytes from the machine. */
  readonly received: number;
  /** Of the connection that failed last; `isPast`: a later one was well. */
  readonly failure?: { readonly problem: Problem; readonly atMs: number; readonly isPast: boolean };
}

/** One line of the list of ports. */
export interface PortState {
  /** Name of the machine. */
  readonly machine: string;
  readonly namespace: string;
  /** Of the context, as it is shown. */
  readonly context: string;
  readonly spec: PortSpec;
  readonly isRemembered: boolean;
  /** Absent: not open. */
  readonly open?: {
    /** `host:port` on this computer. */
    readonly address: string;
    readonly port: number;
    readonly traffic: PortTraffic;
    /** Bytes per second in the last seconds. */
    readonly sentRate: number;
    readonly receivedRate: number;
  };
  /** What is known of the machine; `null`: it does not exist, `undefined`: not known. `isOther`: made anew under the name after the port was opened. */
  readonly now: { readonly phase: string | undefined; readonly isOther: boolean } | null | undefined;
}

export interface PortRow {
  readonly label: string;
  readonly description: string;
  /** Codicon id. */
  readonly icon: string;
  /** Theme colour. */
  readonly color?: string;
  readonly tooltip: string;
  /** Words that menus ask for. */
  readonly contextValue: string;
  readonly accessibleLabel: string;
}

const separator = ' · ';

/** How a port is shown now. */
export function portRow(state: PortState, nowMs: number): PortRow {
  const { open, spec, machine, isRemembered } = state;
  const suffix = spec.protocol === 'udp' ? '/udp' : '';
  const local = open?.port ?? spec.local;
  const label = `${local ? `${local} → ` : ''}${machine}:${spec.remote}${suffix}`;
  const trouble = open && troubleOf(state, open.traffic, nowMs);
  const description = !open ? t('not open') : trouble ?? activityOf(open);
  return {
    label, description,
    icon: !open ? 'debug-disconnect' : trouble === undefined ? 'plug' : 'warning',
    ...(!open ? { color: 'disabledForeground' } : trouble === undefined ? {} : { color: 'list.warningForeground' }),
    tooltip: tooltipOf(state, nowMs),
    contextValue: ['port', open ? 'port.open' : 'port.closed', ...(open && spec.protocol === 'tcp' ? ['port.tcp'] : []), isRemembered ? 'port.remembered' : 'port.passing'].join(' '),
    accessibleLabel: [label, trouble === undefined ? undefined : t('needs attention'), description].filter(Boolean).join(', '),
  };
}

/** What a browser is pointed to. */
export function browserUrl(address: string, { remote }: PortSpec): string {
  return `${[443, 8443, 6443].includes(remote) ? 'https' : 'http'}://${address}/`;
}

/** Whether what stands at the end of the way is not what the user thinks, in a few words. */
function troubleOf({ now }: PortState, { failure }: PortTraffic, nowMs: number): string | undefined {
  if (now === null) {
    return t('the machine no longer exists');
  }
  if (now?.isOther) {
    return t('closed to the new machine of this name');
  }
  if (now && now.phase !== undefined && now.phase !== 'Running' && now.phase !== 'Migrating') {
    return t('the machine is not running: {0}', now.phase);
  }
  return failure && !failure.isPast ? t('failed {0} ago: {1}', formatDuration(nowMs - failure.atMs), failure.problem.message) : undefined;
}

function activityOf({ traffic, sentRate, receivedRate }: NonNullable<PortState['open']>): string {
  const { connections, total } = traffic;
  if (total === 0) {
    return t('open');
  }
  const rates = sentRate + receivedRate > 0 ? [`↓ ${rateText(receivedRate)}`, `↑ ${rateText(sentRate)}`] : [`↓ ${bytesText(traffic.received)}`, `↑ ${bytesText(traffic.sent)}`];
  return [connections === 0 ? undefined : connections === 1 ? t('1 connection') : t('{0} connections', connections), ...rates].filter(Boolean).join(separator);
}

function tooltipOf({ machine, namespace, context, spec, open, now, isRemembered }: PortState, nowMs: number): string {
  const lines = [t('Port {0} of "{1}" in "{2}", {3}, context "{4}"', spec.remote, machine, namespace, spec.protocol.toUpperCase(), context)];
  if (open) {
    const { connections, total, received, sent, failure } = open.traffic;
    lines.push(
      t('On this computer: {0}', open.address),
      t('Connections: {0} now, {1} in all', connections, total),
      t('From the machine: {0}. To the machine: {1}.', bytesText(received), bytesText(sent)),
    );
    if (now === null) {
      lines.push(t('This machine no longer exists.'));
    } else if (now?.isOther) {
      lines.push(t('The machine was deleted, and another one was created under its name. Connections are refused until you stop forwarding and open the port again.'));
    }
    if (failure) {
      lines.push([t('The last failure, {0} ago: {1}', formatDuration(nowMs - failure.atMs), failure.problem.message), failure.problem.hint].filter(Boolean).join(' '));
    }
  }
  if (isRemembered) {
    lines.push(t('Remembered for this machine.'));
  }
  return lines.join('\n');
}

function rateText(bytesPerSecond: number): string {
  return t('{0}/s', bytesText(bytesPerSecond));
}

function bytesText(bytes: number): string {
  return sizeText(Math.round(bytes)) ?? '';
}
