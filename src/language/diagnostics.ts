import type { Diagnostic } from 'vscode-languageserver-types';
import { DiagnosticSeverity, DiagnosticTag } from 'vscode-languageserver-types';
import { severityOf } from './diagnose';
import type { Diagnosis } from './kernel';
import type { Part } from './manifest';
import { rangeIn } from './positions';
import type { Request } from './service';

/** Who says it, in the editor's list of problems. */
const diagnosticSource = 'DVP';

const levels = { error: DiagnosticSeverity.Error, warning: DiagnosticSeverity.Warning, information: DiagnosticSeverity.Information, hint: DiagnosticSeverity.Hint } as const;

/** What was found in a document, as loud as the setting wants it. */
export function diagnosticsOf(request: Request): readonly Diagnostic[] {
  return [...findingsOf(request)].flatMap(({ part, diagnosis }) => toDiagnostic(request, part, diagnosis) ?? []);
}

/** What was found, with the document that it was found in. */
export function* findingsOf({ parts, diagnoses, surroundings }: Request): Iterable<{ readonly part: Part; readonly diagnosis: Diagnosis }> {
  for (const part of parts) {
    for (const diagnosis of diagnoses.of(part.manifest, surroundings)) {
      yield { part, diagnosis };
    }
  }
}

/** `undefined` where settings silence the code. */
export function toDiagnostic({ document, options }: Request, part: Part, { code, severity, message, range, isDeprecated }: Diagnosis): Diagnostic | undefined {
  const level = severityOf(code, severity, options.severities?.() ?? {});
  const href = options.explanation?.(code);
  return level === 'off' ? undefined : {
    range: rangeIn(document, part, range), message, code, source: diagnosticSource, severity: levels[level],
    ...(href !== undefined && { codeDescription: { href } }),
    ...(isDeprecated && { tags: [DiagnosticTag.Deprecated] }),
  };
}
