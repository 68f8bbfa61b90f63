import { generationOf } from '../language/generation';
import { companionsOf } from '../language/references';
import { bundledSchemas } from '../language/schemaSource';
import type { Arguments } from './arguments';
import { check } from './check';
import { load, loadAll } from './files';
import { formatted, totals } from './formats';
import { savedNamespace, savedObjects, savedView } from './live';
import type { Online } from './online';

export interface Outcome {
  /** For standard output, without the last line break. */
  readonly output: string;
  /** For standard error, a line each. */
  readonly complaints: readonly string[];
  /** 0: no errors; 1: findings of severity error; 2: something could not be checked. */
  readonly exitCode: 0 | 1 | 2;
}

export interface RunOptions {
  /** The text of a file below `schemas/`; `undefined` where there is none. */
  readonly schemaText: (file: string) => string | undefined;
  readonly version: string;
}

/** What the HTTP client (undici 8) runs on; without a cluster Node 20 is enough. */
const oldestToAsk = [22, 19] as const;

/** What `dvp-check` does, but for printing. Never throws. */
export async function run(args: Arguments, { schemaText, version }: RunOptions): Promise<Outcome> {
  const complaints: string[] = [];
  const failed = (error: unknown): Outcome => ({ output: '', complaints: [...complaints, error instanceof Error ? error.message : String(error)], exitCode: 2 });
  let online: Online | undefined;
  try {
    if (args.context !== undefined && !canAsk(process.versions.node)) {
      return failed(`Asking a cluster needs Node ${oldestToAsk.join('.')} or newer; this is ${process.version}.`);
    }
    const saved = args.live === undefined ? [] : savedObjects(load(args.live));
    const files = loadAll(args.paths, (sentence) => complaints.push(sentence));
    const companions = companionsOf(files.map(({ text }) => text));
    online = args.context === undefined ? undefined : await (await import('./online')).connectTo(args.context, args.kubeconfig, `dvp-check/${version}`, companions);
    const context = online?.session.context.namespace;
    const placeOf = savedNamespace(saved);
    const findings = check(files, {
      schemas: bundledSchemas(args.module ?? generationOf(online?.session.view), schemaText),
      view: saved.length > 0 ? savedView(saved, online?.session.view) : online?.session.view,
      namespaceOf: (kind, name) => args.namespace ?? placeOf(kind, name) ?? context,
      severities: args.severities,
    });
    const isUnread = complaints.length > 0;
    if (args.format === 'text') {
      complaints.push(totals(findings, files.length));
    }
    return { output: formatted(findings, args.format, version), complaints, exitCode: isUnread ? 2 : findings.some(({ severity }) => severity === 'error') ? 1 : 0 };
  } catch (error) {
    return failed(error);
  } finally {
    online?.dispose();
  }
}

function canAsk(node: string): boolean {
  const [major = 0, minor = 0] = node.split('.').map(Number);
  return major > oldestToAsk[0] || (major === oldestToAsk[0] && minor >= oldestToAsk[1]);
}
