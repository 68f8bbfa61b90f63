import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

export interface Certificate { readonly certPem: string; readonly keyPem: string }

/** A certificate authority of our own, for one run of the cluster. */
export interface Authority {
  readonly caPem: string;
  /** A certificate for TLS servers under these names and addresses. */
  server(hosts: readonly string[]): Promise<Certificate>;
  /** A certificate that names a user and its groups to the API server. */
  client(user: string, groups: readonly string[]): Promise<Certificate>;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const dayMs = 24 * 3600 * 1000;

export async function createAuthority(): Promise<Authority> {
  const keys = await newKeys();
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=embedded-cluster-ca', ...validity(), keys, signingAlgorithm: algorithm,
    extensions: [new x509.BasicConstraintsExtension(true, undefined, true), new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true)],
  });
  const issue = async (subject: x509.JsonName, usage: string, hosts: readonly string[]): Promise<Certificate> => {
    const own = await newKeys();
    const certificate = await x509.X509CertificateGenerator.create({
      subject, issuer: ca.subject, ...validity(), publicKey: own.publicKey, signingKey: keys.privateKey, signingAlgorithm: algorithm,
      extensions: [
        new x509.ExtendedKeyUsageExtension([usage]),
        ...(hosts.length > 0 ? [new x509.SubjectAlternativeNameExtension(hosts.map((value) => ({ type: /^[\d.]+$|:/.test(value) ? 'ip' : 'dns', value })))] : []),
      ],
    });
    const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', own.privateKey)).toString('base64');
    return { certPem: `${certificate.toString('pem')}\n`, keyPem: `-----BEGIN PRIVATE KEY-----\n${pkcs8.replace(/.{64}/g, '$&\n').trimEnd()}\n-----END PRIVATE KEY-----\n` };
  };
  return {
    caPem: `${ca.toString('pem')}\n`,
    server: (hosts) => issue([{ CN: [hosts[0] ?? 'localhost'] }], x509.ExtendedKeyUsage.serverAuth, hosts),
    client: (user, groups) => issue([...groups.map((group) => ({ O: [group] })), { CN: [user] }], x509.ExtendedKeyUsage.clientAuth, []),
  };
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

/** From yesterday, so that clocks may differ, for a month. */
function validity(): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(Date.now() - dayMs), notAfter: new Date(Date.now() + 30 * dayMs) };
}
