import { generateKeyPairSync } from 'node:crypto';

/** A new ed25519 key as dropbear stores it: the type's name, then the private and the public half, each part with its length. */
export function newHostKey(): Buffer {
  const { d = '', x = '' } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  return Buffer.concat([part(Buffer.from('ssh-ed25519')), part(Buffer.concat([Buffer.from(d, 'base64url'), Buffer.from(x, 'base64url')]))]);
}

function part(data: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  return Buffer.concat([length, data]);
}
