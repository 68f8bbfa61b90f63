import { access, constants, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { findProgram } from '../src/cluster/program';
import { root } from './paths';

/** Where Chrome, Chromium and Edge are usually installed; names without a folder are looked for on PATH. */
const usualPlaces: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  linux: ['google-chrome', 'google-chrome-stable', 'chromium', 'chromium-browser', 'microsoft-edge'],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: ['ProgramFiles', 'ProgramFiles(x86)', 'LOCALAPPDATA'].flatMap((variable) => {
    const folder = process.env[variable];
    return folder ? [`${folder}\\Google\\Chrome\\Application\\chrome.exe`, `${folder}\\Microsoft\\Edge\\Application\\msedge.exe`] : [];
  }),
};

/** The browser to test with: the one that `CHROMIUM` names, an installed one, or the one that `@sparticuz/chromium` carries. Undefined when there is none. */
export async function findBrowser(): Promise<string | undefined> {
  const named = process.env.CHROMIUM;
  if (named) {
    if (await isExecutable(named)) {
      return named;
    }
    throw new Error(`CHROMIUM names "${named}", which is not a program. Point it to Chrome or Chromium, or unset it.`);
  }
  return (await installedBrowser()) ?? carriedBrowser();
}

/** An installed Chrome, Chromium or Edge that a person could also use. */
export async function installedBrowser(): Promise<string | undefined> {
  for (const place of usualPlaces[process.platform] ?? []) {
    const file = path.isAbsolute(place) ? ((await isExecutable(place)) ? place : undefined) : await findOnPath(place);
    if (file) {
      return file;
    }
  }
  return undefined;
}

/** Starts it without a window; `more` are arguments for it. */
export function launchBrowser(executablePath: string, more: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage', ...more],
  });
}

/** The full path of a program on PATH. */
export function findOnPath(program: string): Promise<string | undefined> {
  return findProgram(program, process.env);
}

/** Unpacks it once, into a folder of the checkout: the package itself would leave 200 MB in the system's temporary folder. */
async function carriedBrowser(): Promise<string | undefined> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return undefined;
  }
  const folder = path.join(root, 'node_modules/.cache/chromium');
  await mkdir(folder, { recursive: true });
  const { TMPDIR } = process.env;
  process.env.TMPDIR = folder;
  try {
    const carried = await import('@sparticuz/chromium');
    return await carried.default.executablePath();
  } catch {
    return undefined;
  } finally {
    if (TMPDIR === undefined) {
      delete process.env.TMPDIR;
    } else {
      process.env.TMPDIR = TMPDIR;
    }
  }
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(() => true, () => false);
}
