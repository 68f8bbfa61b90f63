import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { userInfo } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { findProgram } from '../../../src/cluster/program';
import { until } from '../../until';

export interface SshServer {
  readonly port: number;
  readonly user: string;
  /** Path of a private key that it lets in. */
  readonly key: string;
  stop(): Promise<void>;
}

/** An OpenSSH server for its own user on loopback, where this computer has one. */
export async function sshServer(parent: string): Promise<SshServer | { readonly skip: string }> {
  const env = { ...process.env, PATH: [process.env['PATH'], '/usr/sbin', '/sbin'].join(path.delimiter) };
  const [sshd, keygen, ssh] = await Promise.all(['sshd', 'ssh-keygen', 'ssh'].map((name) => findProgram(name, env)));
  if (!sshd || !keygen || !ssh) {
    return { skip: `There is no ${[!sshd && 'sshd', !keygen && 'ssh-keygen', !ssh && 'ssh'].filter(Boolean).join(', no ')} here.` };
  }
  const folder = await mkdtemp(path.join(parent, 'sshd-'));
  const [key, hostKey, authorized, config] = ['id', 'host', 'authorized_keys', 'config'].map((name) => path.join(folder, name)) as [string, string, string, string];
  const run = promisify(execFile);
  await run(keygen, ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  await run(keygen, ['-q', '-t', 'ed25519', '-N', '', '-f', hostKey]);
  await writeFile(authorized, await readFile(`${key}.pub`));
  const port = await freePort();
  await writeFile(config, [
    `Port ${port}`, 'ListenAddress 127.0.0.1', `HostKey "${hostKey}"`, `AuthorizedKeysFile "${authorized}"`, 'StrictModes no', 'UsePAM no', 'PasswordAuthentication no',
    'PermitRootLogin yes', `PidFile "${path.join(folder, 'pid')}"`, 'Subsystem sftp internal-sftp', '',
  ].join('\n'));
  const child = spawn(sshd, ['-D', '-e', '-f', config], { stdio: ['ignore', 'ignore', 'pipe'], env });
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => { log += chunk.toString(); });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const stop = async () => {
    child.kill();
    await ended;
  };
  await until(() => log.includes('Server listening') || child.exitCode !== null, 'the server listens');
  return child.exitCode !== null ? { skip: `sshd does not start here: ${log.trim().split('\n').pop()}` } : { port, user: userInfo().username, key, stop };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
