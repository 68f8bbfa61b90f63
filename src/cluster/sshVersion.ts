import { systemClock } from '../base/timing';
import { endProgram, startProgram } from './program';

/** How the local scp hands over paths: as data through sftp, or to a shell on the other side. */
export async function scpMode(ssh: string): Promise<'sftp' | 'shell'> {
  return modeOf(await versionText(ssh));
}

/** `text`: what `ssh -V` says. The option `-s` of scp came with OpenSSH 8.7. */
export function modeOf(text: string): 'sftp' | 'shell' {
  const [, major, minor] = /OpenSSH[\w ]*_(\d+)\.(\d+)/i.exec(text) ?? [];
  return Number(major) > 8 || (Number(major) === 8 && Number(minor) >= 7) ? 'sftp' : 'shell';
}

function versionText(ssh: string): Promise<string> {
  return new Promise((resolve) => {
    const child = startProgram(ssh, ['-V'], process.env);
    let text = '';
    const end = () => {
      timer.dispose();
      endProgram(child);
      resolve(text);
    };
    const timer = systemClock.after(10_000, end);
    child.stderr.on('data', (chunk: Buffer) => { text += chunk.toString(); });
    child.stdout.on('data', (chunk: Buffer) => { text += chunk.toString(); });
    child.once('error', end).once('close', end);
  });
}
