import { parseArgs } from 'node:util';
import type { ModuleGeneration } from '../language/rule';
import { formats, type Format } from './formats';

export interface Arguments {
  /** `undefined`: the one that the cluster of `context` has, without a cluster the newest. */
  readonly module: ModuleGeneration | undefined;
  readonly format: Format;
  /** Files, folders, `-` for standard input. */
  readonly paths: readonly string[];
  /** The kubeconfig context whose cluster is asked; `undefined`: none is. */
  readonly context: string | undefined;
  /** Kubeconfig files in place of those that the environment names. */
  readonly kubeconfig: string | undefined;
  /** Where objects without a namespace go. */
  readonly namespace: string | undefined;
  /** A file with objects as the cluster has them. */
  readonly live: string | undefined;
  /** By code or group: a severity or `off`. */
  readonly severities: Readonly<Record<string, string>>;
}

export const usage = `Usage: dvp-check [OPTIONS] FILES|DIRS|-

Checks manifests of Deckhouse Virtualization Platform as its cluster would. Offline, unless a context is named.

  --module 1.10|0.17            the release whose kinds and rules apply (default: 1.10, or what the cluster has)
  --format ${formats.join('|')}   how findings are printed (default: text)
  --severity CODE|GROUP=LEVEL   error, warning, information, hint or off; may be repeated
  --live FILE                   objects as they are in the cluster, to check what may be changed
  --context NAME                asks the cluster of this kubeconfig context
  --kubeconfig FILE             instead of KUBECONFIG and ~/.kube/config
  --namespace NAME, -n NAME     where objects without a namespace go
  --help, --version

Exit code: 0 nothing wrong, 1 findings of severity error, 2 something could not be checked.`;

/** What stands before the `/` of codes. */
const groups = ['yaml', 'schema', 'cel', 'platform', 'reference', 'deprecated', 'cloud-init', 'advice'];

const levels = ['error', 'warning', 'information', 'hint', 'off'];

/** `help` and `version` ask for nothing else. @throws Error with one sentence for people */
export function readArguments(argv: readonly string[]): Arguments | 'help' | 'version' {
  const { values, positionals } = parseArgs({
    args: [...argv], allowPositionals: true,
    options: {
      module: { type: 'string' }, format: { type: 'string', default: 'text' }, severity: { type: 'string', multiple: true, default: [] }, live: { type: 'string' },
      context: { type: 'string' }, kubeconfig: { type: 'string' }, namespace: { type: 'string', short: 'n' }, help: { type: 'boolean', short: 'h' }, version: { type: 'boolean' },
    },
  });
  if (values.help || values.version) {
    return values.help ? 'help' : 'version';
  }
  const { module, format, context, kubeconfig, namespace, live } = values;
  if (module !== undefined && module !== '1.10' && module !== '0.17') {
    throw new Error(`There is no module "${module}": use 1.10 or 0.17.`);
  }
  if (!isFormat(format)) {
    throw new Error(`There is no format "${format}": use ${formats.slice(0, -1).join(', ')} or ${formats.at(-1)}.`);
  }
  if (kubeconfig !== undefined && context === undefined) {
    throw new Error('A kubeconfig is only read for --context: name the context too.');
  }
  if (positionals.length === 0) {
    throw new Error('Name at least one file or folder, or - for standard input.');
  }
  return { module, format, paths: positionals, context, kubeconfig, namespace, live, severities: severitiesOf(values.severity) };
}

function severitiesOf(texts: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(texts.map((text) => {
    const [, name = '', level = ''] = /^([^=]+)=(.+)$/.exec(text) ?? [];
    if (!levels.includes(level)) {
      throw new Error(`"${text}" sets no severity: write CODE=LEVEL with one of ${levels.join(', ')}.`);
    }
    if (!groups.includes(name.replace(/\/.*/, ''))) {
      throw new Error(`No code is of the group "${name.replace(/\/.*/, '')}": the groups are ${groups.join(', ')}.`);
    }
    return [name, level];
  }));
}

function isFormat(text: string): text is Format {
  return formats.some((format) => format === text);
}
