import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { findOnPath } from './browser';
import { root } from './paths';
import { run } from './processes';

const hostFolder = path.join(root, 'vscode-host');
const vscodeFolder = path.join(hostFolder, 'node_modules/code-server/lib/vscode');
const modules = path.join(vscodeFolder, 'node_modules');

/** VS Code's own server, to be run by Node 24. */
export const serverScript = path.join(vscodeFolder, 'out/server-main.js');

/** Parts of VS Code that neither the demo nor a test uses: two thirds of its size. */
const unused = ['node_modules/@github', 'node_modules/@microsoft/mxc-sdk', 'extensions/copilot'];

/**
 * Installs VS Code's server and web workbench into `vscode-host/` when the pinned version is not there yet.
 * Asks the npm registry only then. Throws a sentence for the user when it cannot.
 */
export async function ensureHost(log: (message: string) => void): Promise<void> {
  const lock = await readFile(path.join(hostFolder, 'package-lock.json'), 'utf8');
  const marker = path.join(hostFolder, 'node_modules/.ready');
  if (existsSync(marker) && (await readFile(marker, 'utf8')) === lock) {
    return;
  }
  log('Installing VS Code\'s web workbench (about 250 MB, once per checkout).');
  await npm(['ci'], hostFolder);
  // Not "npm ci": VS Code's own lock file lacks one package and is refused.
  await npm(['install', '--omit=dev', '--no-save'], vscodeFolder);
  await replaceNativeModules();
  await Promise.all(unused.map((folder) => rm(path.join(vscodeFolder, folder), { recursive: true, force: true })));
  await writeFile(marker, lock);
}

async function npm(args: readonly string[], cwd: string): Promise<void> {
  const program = await findOnPath('npm');
  if (!program) {
    throw new Error('VS Code\'s web workbench is not installed yet, and there is no "npm" on PATH to install it with.');
  }
  try {
    await run(program, [...args, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd });
  } catch (error) {
    throw new Error(`VS Code's web workbench could not be installed. Check that the npm registry can be reached and try again. ${String(error)}`, { cause: error });
  }
}

/** Two native modules only write logs and watch the parent process; in plain JavaScript they need no compiler. */
async function replaceNativeModules(): Promise<void> {
  await writeFile(path.join(modules, '@vscode/spdlog/index.js'), logWriter);
  await writeFile(path.join(modules, '@vscode/native-watchdog/index.js'), 'exports.start = () => {};\n');
}

/** The exports are assigned one by one, because Node finds the names for `import()` only in that form. */
const logWriter = `
const fs = require('node:fs');
const path = require('node:path');
const levels = ['trace', 'debug', 'info', 'warning', 'error', 'critical'];
class Logger {
  constructor(name, file) {
    this.name = name; this.level = 2; this.bare = false;
    fs.mkdirSync(path.dirname(file), { recursive: true });
    this.out = fs.createWriteStream(file, { flags: 'a' }).on('error', () => {});
  }
  getLevel() { return this.level; }
  setLevel(level) { this.level = level; }
  setPattern() {}
  clearFormatters() { this.bare = true; }
  flush() {}
  drop() { this.out.end(); }
  write(level, message) {
    if (level >= this.level) this.out.write(this.bare ? message : new Date().toISOString() + ' [' + levels[level] + '] ' + message + '\\n');
  }
}
['trace', 'debug', 'info', 'warn', 'error', 'critical'].forEach((name, level) => { Logger.prototype[name] = function (message) { this.write(level, message); }; });
const create = async (name, file) => new Logger(name, file);
exports.version = 0;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.Logger = Logger;
exports.createRotatingLogger = create;
exports.createAsyncRotatingLogger = create;
`;
