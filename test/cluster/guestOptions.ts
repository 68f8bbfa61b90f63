import type { ClusterOptions } from './start';

/** What programs with an embedded cluster take on the command line to say what runs in its machines. */
export const guestOptions = {
  guest: { type: 'string' }, 'guest-kernel': { type: 'string' }, 'guest-initrd': { type: 'string' }, 'guest-disk': { type: 'string' },
  'guest-memory': { type: 'string' }, 'guest-limit': { type: 'string' },
} as const;

export const guestUsage = '                   [--guest-kernel FILE --guest-initrd FILE | --guest-disk FILE] [--guest-memory MIB] [--guest-limit N]';

type Values = { readonly [K in keyof typeof guestOptions]?: string | undefined };

/** @throws Error when a value is none that the option takes */
export function guestOf(values: Values, log: (message: string) => void): Pick<ClusterOptions, 'guest' | 'qemu'> {
  const { guest = 'simulated' } = values;
  if (guest !== 'simulated' && guest !== 'qemu') {
    throw new Error('--guest takes simulated or qemu.');
  }
  return {
    guest,
    qemu: {
      kernel: values['guest-kernel'], initrd: values['guest-initrd'], disk: values['guest-disk'],
      ...number('memoryMib', 'guest-memory', values), ...number('limit', 'guest-limit', values),
      log,
    },
  };
}

function number(key: 'memoryMib' | 'limit', name: 'guest-memory' | 'guest-limit', values: Values): { readonly memoryMib?: number; readonly limit?: number } {
  const text = values[name];
  if (text !== undefined && !/^[1-9]\d*$/.test(text)) {
    throw new Error(`--${name} takes a number.`);
  }
  return text === undefined ? {} : { [key]: Number(text) };
}
