import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Severity } from '../language/check';
import { Diagnoses } from '../language/diagnose';
import type { Surroundings } from '../language/facts';
import { parseFile, type Part } from '../language/manifest';
import { rangeIn } from '../language/positions';
import { bundledSchemas } from '../language/schemaSource';
import { fieldOf } from '../language/structural';
import { WorkspaceIndex } from '../language/workspaceIndex';
import type { Arguments } from './arguments';

/** A finding as the command line prints it; positions are 1-based UTF-16 units, end exclusive. */
export interface Line {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly severity: Severity;
  readonly code: string;
  readonly message: string;
  /** As the API server writes it; empty where there is none. */
  readonly path: string;
}

export interface Checked {
  readonly lines: readonly Line[];
  /** Files that could not be read, each with the reason. */
  readonly unreadable: readonly string[];
}

/** Checks all files as one workspace: what one of them creates exists for the others. `schemas` is the folder of the bundled schemas. */
export function check({ module, paths }: Arguments, schemas: string): Checked {
  const unreadable: string[] = [];
  const files = paths.flatMap((path) => attempt(() => filesAt(path), unreadable, path) ?? [])
    .flatMap((file) => attempt(() => load(file), unreadable, file) ?? []);
  const workspace = new WorkspaceIndex();
  files.forEach(({ file, text, parts }) => workspace.set(file, text, parts));
  const surroundings: Surroundings = { view: undefined, workspace, namespace: undefined, settings: {} };
  const diagnoses = new Diagnoses(bundledSchemas(module, (name) => attempt(() => readFileSync(join(schemas, name), 'utf8'), [], name)));
  return { unreadable, lines: files.flatMap((file) => linesOf(file, diagnoses, surroundings)) };
}

interface Loaded {
  readonly file: string;
  readonly text: string;
  readonly parts: readonly Part[];
}

function linesOf({ file, text, parts }: Loaded, diagnoses: Diagnoses, surroundings: Surroundings): readonly Line[] {
  const document = TextDocument.create(file, 'yaml', 0, text);
  return parts.flatMap((part) => diagnoses.of(part.manifest, surroundings).map(({ code, severity, message, range, path }) => {
    const { start, end } = rangeIn(document, part, range);
    return { file, line: start.line + 1, column: start.character + 1, endLine: end.line + 1, endColumn: end.character + 1, severity, code, message, path: fieldOf(path) };
  }));
}

/** The file itself, or the manifests below a folder; hidden folders and dependencies are left out. */
function filesAt(path: string): readonly string[] {
  if (path === '-' || !statSync(path).isDirectory()) {
    return [path];
  }
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    const child = join(path, entry.name);
    if (entry.isDirectory()) {
      return entry.name.startsWith('.') || entry.name === 'node_modules' ? [] : filesAt(child);
    }
    return /\.(?:ya?ml|json)$/.test(entry.name) ? [child] : [];
  }).sort();
}

function load(file: string): Loaded {
  const text = readFileSync(file === '-' ? 0 : file, 'utf8');
  return { file, text, parts: parseFile(text, file.endsWith('.json') ? 'json' : 'yaml') };
}

function attempt<T>(run: () => T, failures: string[], what: string): T | undefined {
  try {
    return run();
  } catch (error) {
    failures.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}
