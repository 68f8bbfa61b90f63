import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseFile, type Part } from '../language/manifest';

/** A file with its documents; `file` as it was named or found. */
export interface Loaded {
  readonly file: string;
  readonly text: string;
  readonly parts: readonly Part[];
}

/** All manifests at `paths`, each file once, in the order of naming and below a folder in that of their names. What cannot be read goes to `onUnreadable`, a sentence each. */
export function loadAll(paths: readonly string[], onUnreadable: (sentence: string) => void): readonly Loaded[] {
  const seen = new Set<string>();
  const attempt = <T>(run: () => T, path: string): T | undefined => {
    try {
      return run();
    } catch (error) {
      onUnreadable(`${path === '-' ? 'Standard input' : path} could not be read: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  };
  const found: Loaded[] = [];
  const visit = (path: string): void => {
    if (path !== '-' && attempt(() => statSync(path).isDirectory(), path)) {
      for (const entry of attempt(() => readdirSync(path, { withFileTypes: true }), path)?.sort((a, b) => (a.name < b.name ? -1 : 1)) ?? []) {
        if (entry.isDirectory() ? !entry.name.startsWith('.') && entry.name !== 'node_modules' : /\.(?:ya?ml|json)$/.test(entry.name)) {
          visit(join(path, entry.name));
        }
      }
      return;
    }
    const real = path === '-' ? path : attemptQuietly(() => realpathSync(path));
    if (real !== undefined && !seen.has(real)) {
      seen.add(real);
      const loaded = attempt(() => load(path), path);
      found.push(...(loaded ? [loaded] : []));
    }
  };
  paths.forEach(visit);
  return found;
}

/** Reads and parses one file. @throws Error that says why it cannot be read, also when it is no UTF-8 text */
export function load(file: string): Loaded {
  const bytes = readFileSync(file === '-' ? 0 : file);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Error('it is no UTF-8 text');
  }
  return { file, text, parts: parseFile(text, file.endsWith('.json') ? 'json' : 'yaml') };
}

function attemptQuietly<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}
