import { deflateRawSync } from 'node:zlib';

/** Below this a message costs more than its bytes. */
const fewBytes = 32 * 1024;

/** So much of it tells whether the rest is worth it: pictures are packed already. */
const sampleBytes = 4 * 1024;

/**
 * What a machine prints in a flood or draws plainly, packed: VS Code copies every byte on the way to a page about ten times, in four processes, which takes longer
 * than to pack and unpack it. `undefined`: it is little, or cannot be packed well. See RFC 1951.
 */
export function pack(bytes: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  if (bytes.length < fewBytes || !deflated(bytes.subarray(0, sampleBytes))) {
    return undefined;
  }
  const packed = deflated(bytes);
  return packed && new Uint8Array(packed);
}

function deflated(bytes: Uint8Array): Buffer | undefined {
  const packed = deflateRawSync(bytes, { level: 1 });
  return packed.length < bytes.length / 2 ? packed : undefined;
}
