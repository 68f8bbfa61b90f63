import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { plainWord, quotedPath } from '../domain/sshWords';
import type { ContextRef, KubeConfigSource } from './kubeConfig';

export interface HelperOptions {
  /** The program as it is shipped. */
  readonly source: string;
  /** Where it is copied to: a place that stays when the extension or the editor is replaced by a newer one. */
  readonly folder: string;
  /** The editor's own Node. */
  readonly execPath: string;
  readonly platform: NodeJS.Platform;
  /** What the user decided about programs for credentials. */
  readonly plugins: { readonly policy: string; readonly allowed: readonly string[] };
}

export interface Helper {
  /** To be started with Node. */
  readonly program: string;
  /** To be started by itself. */
  readonly launcher: string;
}

/** What ssh is to reach. */
export interface Destination {
  readonly context: ContextRef;
  /** In the order in which they are read. */
  readonly sources: readonly KubeConfigSource[];
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** Digests of programs for credentials that are allowed this time. */
  readonly allowed: readonly string[];
}

/** Puts the program through which ssh reaches machines in its place, with what starts it. Writes only what is different. */
export async function installHelper({ source, folder, execPath, platform, plugins }: HelperOptions): Promise<Helper> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const program = join(folder, 'dvp-tunnel.cjs');
  const launcher = join(folder, platform === 'win32' ? 'dvp-tunnel.cmd' : 'dvp-tunnel');
  await put(program, await readFile(source), 0o600);
  await put(join(folder, 'plugins.json'), Buffer.from(`${JSON.stringify(plugins)}\n`), 0o600);
  await put(launcher, Buffer.from(platform === 'win32' ? windowsLauncher(execPath, program) : posixLauncher(execPath, program)), 0o700);
  return { program, launcher };
}

/** The `ProxyCommand` that leads to a machine. Holds names and paths, nothing secret. */
export function proxyCommand({ launcher }: Helper, platform: NodeJS.Platform, { context, sources, namespace, name, uid, allowed }: Destination): string {
  const words = [
    ['kubeconfig', filesOf(context, sources).join(delimiter)], ['context', context.name], ['namespace', namespace], ['machine', name], ['uid', uid],
    ...allowed.map((digest) => ['allow', digest]),
  ].flatMap(([option = '', value = '']) => [`--${option}`, plainWord(value)]);
  return [quotedPath(launcher, platform), 'connect', ...words].join(' ');
}

/** The files in which a context is found under its name. */
function filesOf({ file, id, name }: ContextRef, sources: readonly KubeConfigSource[]): readonly string[] {
  const files = sources.find((source) => source.files.includes(file))?.files ?? [file];
  // Of contexts of the same name the first counts.
  return id === name ? files : [file, ...files.filter((other) => other !== file)];
}

function posixLauncher(execPath: string, program: string): string {
  const [node, file] = [execPath, program].map((path) => `'${path.replaceAll('\'', '\'\\\'\'')}'`);
  return `#!/bin/sh
# Carries ssh to virtual machines. Written by the extension "Deckhouse Virtualization".
if [ -x ${node} ]; then
  export ELECTRON_RUN_AS_NODE=1
  exec ${node} ${file} "$@"
fi
if command -v node >/dev/null 2>&1; then
  exec node ${file} "$@"
fi
echo 'dvp: The editor is not where it was. Start it and use "Open SSH" or "Connect with Remote-SSH" once.' >&2
exit 127
`;
}

function windowsLauncher(execPath: string, program: string): string {
  const [node, file] = [execPath, program].map((path) => `"${path.replaceAll('%', '%%')}"`);
  return ['@echo off', 'setlocal', 'set ELECTRON_RUN_AS_NODE=1', `${node} ${file} %*`, ''].join('\r\n');
}

async function put(file: string, content: Buffer, mode: number): Promise<void> {
  const before = await readFile(file).catch(() => undefined);
  if (before?.equals(content)) {
    return;
  }
  // An ssh that just starts must not read half of it.
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, content, { mode });
    await chmod(temporary, mode);
    await rename(temporary, file);
  } finally {
    await rm(temporary, { force: true });
  }
}
