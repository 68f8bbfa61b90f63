import { t } from '@vscode/l10n';

export type PortProtocol = 'tcp' | 'udp';

/** One port of a machine and where it is opened on this computer. */
export interface PortSpec {
  readonly protocol: PortProtocol;
  /** Port inside the machine. */
  readonly remote: number;
  /** Port on this computer; 0: any free one, `undefined`: the same as inside where that is possible, otherwise any free one. */
  readonly local: number | undefined;
}

/** Below this a port of this computer is the administrator's on most systems. */
const firstFreePort = 1024;

/**
 * Reads what a user types: ports separated by commas or spaces, each as `80`, `8080:80`, `:80` (any free port), with `/udp` behind
 * or `udp/` before it. What cannot be understood comes back as a sentence.
 */
export function parsePorts(text: string): readonly PortSpec[] | { readonly problem: string } {
  const parts = text.split(/[\s,;]+/).filter((part) => part !== '');
  if (parts.length === 0) {
    return { problem: t('Type a port of the machine, such as 80 or 8080:80.') };
  }
  const specs: PortSpec[] = [];
  for (const part of parts) {
    const spec = parsePort(part);
    if ('problem' in spec) {
      return spec;
    }
    if (spec.local && specs.some(({ local, protocol }) => local === spec.local && protocol === spec.protocol)) {
      return { problem: t('Port {0} of this computer is named twice.', spec.local) };
    }
    specs.push(spec);
  }
  return specs;
}

/** As `parsePorts` reads it. */
export function portText({ protocol, remote, local }: PortSpec): string {
  return `${local === undefined ? '' : local === 0 ? ':' : `${local}:`}${remote}${protocol === 'udp' ? '/udp' : ''}`;
}

/** The ports of this computer to try, in this order; 0: any free one. */
export function localPorts({ local, remote }: PortSpec): readonly number[] {
  return local !== undefined ? [local] : remote < firstFreePort ? [0] : [remote, 0];
}

function parsePort(part: string): PortSpec | { readonly problem: string } {
  const match = /^(?:(tcp|udp)\/)?(?:(\d*):)?(\d+)(?:\/(tcp|udp))?$/i.exec(part);
  if (!match) {
    return { problem: /[.[\]]|:.*:/.test(part) || /^[a-z-]+:/i.test(part)
      ? t('"{0}" names an address. Ports are opened on this computer only, for its own programs.', part)
      : t('"{0}" is not a port. Write 80, 8080:80 or 53/udp.', part) };
  }
  const [, before, local, remote, after] = match;
  if (before && after && before.toLowerCase() !== after.toLowerCase()) {
    return { problem: t('"{0}" names two protocols.', part) };
  }
  const numbers = [Number(remote), ...(local ? [Number(local)] : [])];
  const wrong = numbers.find((number, index) => number > 65_535 || (index === 0 && number === 0));
  if (wrong !== undefined) {
    return { problem: t('{0} is not a port: ports go from 1 to 65535.', wrong) };
  }
  const protocol = (before ?? after ?? 'tcp').toLowerCase() === 'udp' ? 'udp' : 'tcp';
  return { protocol, remote: Number(remote), local: local === undefined ? undefined : Number(local || 0) };
}
