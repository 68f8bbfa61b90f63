import type { PlatformOptions } from './platform/index';

/** What programs with an embedded cluster take on the command line to say how its stream endpoints behave. */
export const streamOptions = { probe: { type: 'boolean' }, subprotocol: { type: 'string', multiple: true } } as const;

export function streamsOf(values: { readonly probe?: boolean | undefined; readonly subprotocol?: readonly string[] | undefined }): Pick<PlatformOptions, 'hasProbe' | 'subprotocols'> {
  return { hasProbe: values.probe ?? false, ...(values.subprotocol ? { subprotocols: values.subprotocol } : {}) };
}
