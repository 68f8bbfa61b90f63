import { TextDocument } from 'vscode-languageserver-textdocument';
import type { ClusterView } from '../domain/clusterView';
import type { Severity } from '../language/check';
import { settingsOf } from '../language/clusterSettings';
import { Diagnoses, severityOf } from '../language/diagnose';
import type { Surroundings } from '../language/facts';
import { identityOf } from '../language/identity';
import { rangeIn } from '../language/positions';
import type { SchemaSource } from '../language/schemaSource';
import { fieldOf } from '../language/structural';
import { WorkspaceIndex } from '../language/workspaceIndex';
import type { Loaded } from './files';

/** A finding as the command line prints it; positions are 1-based UTF-16 units, end exclusive. */
export interface Finding {
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

/** What is known besides the files. */
export interface CheckOptions {
  readonly schemas: SchemaSource;
  /** The cluster, or objects that were saved from it; `undefined`: nothing is known of any. */
  readonly view: ClusterView | undefined;
  /** Where an object goes whose manifest does not say it; `undefined` where nobody knows. */
  readonly namespaceOf: (kind: string, name: string | undefined) => string | undefined;
  /** By code or group: a severity or `off`. */
  readonly severities: Readonly<Record<string, string>>;
}

/** Checks all files as one workspace: what one of them creates exists for the others. In the order of the files, then of the places. */
export function check(files: readonly Loaded[], { schemas, view, namespaceOf, severities }: CheckOptions): readonly Finding[] {
  const workspace = new WorkspaceIndex();
  files.forEach(({ file, text, parts }) => workspace.set(file, text, parts));
  const diagnoses = new Diagnoses(schemas);
  const settings = view ? settingsOf(view) : {};
  const surroundings = (namespace: string | undefined): Surroundings => ({ view, workspace, namespace, settings });
  return files.flatMap(({ file, text, parts }) => {
    const document = TextDocument.create(file, 'yaml', 0, text);
    const findings = parts.flatMap((part) => {
      const identity = identityOf(part.manifest);
      const namespace = identity && namespaceOf(identity.id, identity.name);
      return diagnoses.of(part.manifest, surroundings(namespace)).flatMap(({ code, severity: usual, message, range, path, field }): readonly Finding[] => {
        const severity = severityOf(code, usual, severities);
        const { start, end } = rangeIn(document, part, range);
        return severity === 'off' ? [] : [{ file, line: start.line + 1, column: start.character + 1, endLine: end.line + 1, endColumn: end.character + 1, severity, code, message, path: field ?? fieldOf(path) }];
      });
    });
    return findings.sort((a, b) => a.line - b.line || a.column - b.column);
  });
}
