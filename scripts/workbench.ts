import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './paths';
import { end, run } from './processes';
import { ensureHost, serverScript } from './vscodeHost';

export interface WorkbenchOptions {
  /** Extension to install, as a package. */
  readonly vsix?: string;
  /** Further ones. */
  readonly others?: readonly string[];
  /** User settings on top of the quiet ones below. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Added to the environment of the extension host. */
  readonly env?: Readonly<Record<string, string>>;
  /** Opens folders in Restricted Mode until the user trusts them, as VS Code does by default. */
  readonly trust?: boolean;
  /** Lets the page run a test suite in the extension host. VS Code then shows no notifications and refuses dialogs. */
  readonly automation?: boolean;
  readonly port?: number;
  /** Lets in only who knows the address: whoever reaches a workbench may run programs as its user. */
  readonly isPrivate?: boolean;
}

export interface Workbench {
  readonly port: number;
  /** Everything the workbench writes; removed by `stop`. */
  readonly folder: string;
  /** The address that opens `folder`; `development` and `tests` are paths for a run of extension tests. */
  url(open: { readonly folder?: string; readonly development?: string; readonly tests?: string }): string;
  /** What the server has written so far. */
  log(): string;
  stop(): Promise<void>;
}

/** Nothing here phones home, asks questions or moves on its own. */
const quietSettings = {
  'telemetry.telemetryLevel': 'off', 'update.mode': 'none', 'extensions.autoUpdate': false, 'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true, 'workbench.startupEditor': 'none', 'workbench.enableExperiments': false, 'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden', 'workbench.localHistory.enabled': false, 'chat.disableAIFeatures': true,
  'git.enabled': false, 'files.autoSave': 'off', 'remote.autoForwardPorts': false,
  // Otherwise it looks through all processes of the machine every other second, in the extension host.
  'remote.autoForwardPortsSource': 'output',
};

/** Starts VS Code's server with the web workbench on the loopback interface, installing it first where needed. */
export async function startWorkbench(options: WorkbenchOptions, log: (message: string) => void = () => undefined): Promise<Workbench> {
  await ensureHost(log);
  const folder = await mkdtemp(path.join(tmpdir(), 'dvp-code-'));
  const profile = ['--server-data-dir', folder, '--extensions-dir', path.join(folder, 'extensions'), '--accept-server-license-terms'];
  // Sockets of VS Code land in the folder too, and go with it.
  const env = { ...process.env, XDG_RUNTIME_DIR: folder, EXTENSIONS_GALLERY: '{}', ...options.env };
  try {
    await writeSettings(folder, { ...quietSettings, ...(options.trust ? {} : { 'security.workspace.trust.enabled': false }), ...options.settings });
    for (const vsix of [options.vsix ?? [], options.others ?? []].flat()) {
      await run(process.execPath, [serverScript, ...profile, '--install-extension', vsix], { env, timeoutMs: 60_000 });
    }
    const token = options.isPrivate ? randomBytes(16).toString('hex') : undefined;
    const tokenFile = path.join(folder, 'token');
    if (token !== undefined) {
      // On the command line every user of the machine would see it.
      await writeFile(tokenFile, token, { mode: 0o600 });
    }
    const child = spawn(process.execPath, [
      // So that nothing of it outlives us, however we end.
      path.join(root, 'scripts/tied.ts'), process.execPath,
      serverScript, ...profile, '--host', '127.0.0.1', '--port', String(options.port ?? 0), ...(token === undefined ? ['--without-connection-token'] : ['--connection-token-file', tokenFile]),
      '--telemetry-level', 'off', '--disable-telemetry',
      // On the loopback interface it takes time and saves none.
      '--disable-websocket-compression',
      ...(options.trust ? [] : ['--disable-workspace-trust']),
      ...(options.automation ? ['--enable-smoke-test-driver'] : []),
    ], { env, stdio: ['pipe', 'pipe', 'pipe'] });
    let output = '';
    const port = await listening(child, (text) => { output += text; });
    return {
      port, folder,
      url: (open) => address(port, open, token),
      log: () => output,
      stop: async () => {
        await end(child);
        await rm(folder, { recursive: true, force: true, maxRetries: 5 });
      },
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    throw error;
  }
}

async function writeSettings(folder: string, settings: object): Promise<void> {
  for (const scope of ['Machine', 'User']) {
    await mkdir(path.join(folder, 'data', scope), { recursive: true });
    await writeFile(path.join(folder, 'data', scope, 'settings.json'), JSON.stringify(settings, null, 2));
  }
}

function listening(child: ChildProcess, onOutput: (text: string) => void): Promise<number> {
  return new Promise((resolve, reject) => {
    let output = '';
    const fail = (reason: string) => {
      clearTimeout(timer);
      child.kill('SIGKILL');
      reject(new Error(`VS Code's server ${reason}: ${output.trim().slice(-2000)}`));
    };
    const timer = setTimeout(() => { fail('was not ready after 60 s'); }, 60_000);
    const read = (data: Buffer) => {
      output += data.toString();
      onOutput(data.toString());
      const port = /Extension host agent listening on (\d+)/.exec(output)?.[1];
      if (port) {
        clearTimeout(timer);
        resolve(Number(port));
      }
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('error', (error) => { fail(`could not be started (${error.message})`); });
    child.once('exit', (code) => { fail(`ended with code ${code ?? 'unknown'}`); });
  });
}

/** A folder or file as a URI has it, `/c:/x` on Windows. `windows`: by whose rules. */
export function uriPath(file: string, windows = process.platform === 'win32'): string {
  return decodeURIComponent(pathToFileURL(file, { windows }).pathname);
}

function address(port: number, open: { readonly folder?: string; readonly development?: string; readonly tests?: string }, token: string | undefined): string {
  const authority = `127.0.0.1:${port}`;
  const url = new URL(`http://${authority}/`);
  if (token !== undefined) {
    url.searchParams.set('tkn', token);
  }
  if (open.folder) {
    url.searchParams.set('folder', uriPath(open.folder));
  }
  const payload = [
    ...(open.development ? [['extensionDevelopmentPath', `vscode-remote://${authority}${uriPath(open.development)}`]] : []),
    ...(open.tests ? [['extensionTestsPath', `vscode-remote://${authority}${uriPath(open.tests)}`]] : []),
  ];
  if (payload.length > 0) {
    url.searchParams.set('payload', JSON.stringify(payload));
  }
  return url.href;
}
