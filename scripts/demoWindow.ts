import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { findOnPath, installedBrowser } from './browser';
import { end, run, start } from './processes';

/** Opens `url` where there is a display: in a browser window with a profile of its own, or else in the user's browser. */
export async function openBrowser(url: string, profile: string): Promise<{ close(): Promise<void> } | undefined> {
  const hasDisplay = process.platform !== 'linux' || Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY);
  if (!hasDisplay) {
    return undefined;
  }
  const browser = await installedBrowser();
  if (browser) {
    const isRoot = process.getuid?.() === 0;
    const child = spawn(browser, [`--app=${url}`, `--user-data-dir=${profile}`, '--no-first-run', '--no-default-browser-check', ...(isRoot ? ['--no-sandbox'] : [])], { stdio: 'ignore' });
    child.on('error', () => undefined);
    return { close: () => end(child) };
  }
  const opener = { linux: ['xdg-open'], darwin: ['open'], win32: ['cmd', '/c', 'start', '""'] }[process.platform as string] ?? [];
  const [program, ...args] = opener;
  if (program && (await findOnPath(program))) {
    spawn(program, [...args, url], { stdio: 'ignore' }).on('error', () => undefined);
  }
  return undefined;
}

/** The command of desktop VS Code. Throws a sentence when it is not installed. */
export async function findDesktop(): Promise<string> {
  const code = await findOnPath('code');
  if (!code) {
    throw new Error('There is no "code" on PATH. Install VS Code and its command line ("Shell Command: Install \'code\' command in PATH"), or leave out "--desktop".');
  }
  return code;
}

export interface DesktopOptions {
  readonly code: string;
  /** For the profile; the caller removes it. */
  readonly folder: string;
  readonly workspace: string;
  readonly env: Readonly<Record<string, string>>;
  readonly vsix: string;
}

/** Opens desktop VS Code on a profile of its own. `closed` resolves when the user closes its window. */
export async function openDesktop({ code, ...options }: DesktopOptions): Promise<{ readonly address: string; readonly closed: Promise<void>; close(): Promise<void> }> {
  const userData = path.join(options.folder, 'user');
  await mkdir(path.join(userData, 'User'), { recursive: true });
  await writeFile(path.join(userData, 'User/settings.json'), JSON.stringify({ 'telemetry.telemetryLevel': 'off', 'update.mode': 'none', 'workbench.startupEditor': 'none', 'security.workspace.trust.enabled': false }));
  const profile = ['--user-data-dir', userData, '--extensions-dir', path.join(options.folder, 'extensions')];
  const env = { ...process.env, ...options.env };
  await run(code, [...profile, '--install-extension', options.vsix], { env, timeoutMs: 120_000 });
  const child = start(code, [...profile, '--new-window', '--wait', '--disable-workspace-trust', options.workspace], { env, stdio: 'ignore' });
  const closed = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => { resolve(); });
  });
  return {
    address: 'a desktop window', closed,
    close: async () => {
      await endMainProcess(userData);
      await end(child);
    },
  };
}

/** The command "code" only talks to VS Code's main process, which writes its id into its profile. */
async function endMainProcess(userData: string): Promise<void> {
  const id = Number(await readFile(path.join(userData, 'code.lock'), 'utf8').catch(() => ''));
  if (id > 0) {
    try {
      process.kill(id, 'SIGTERM');
    } catch {
      // It has ended.
    }
  }
}
