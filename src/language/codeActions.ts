import { t } from '@vscode/l10n';
import type { CodeAction, Diagnostic, Range } from 'vscode-languageserver-types';
import { CodeActionKind } from 'vscode-languageserver-types';
import { findingsOf, toDiagnostic } from './diagnostics';
import type { Fix } from './edits';
import type { Part } from './manifest';
import { editIn } from './positions';
import type { Request } from './service';

/** The fixes of what was found under the cursor; and of everything of the same kind in the file, where there is more than one. */
export function codeActions(request: Request, range: Range): readonly CodeAction[] {
  const all = [...findingsOf(request)].filter(({ diagnosis }) => diagnosis.fixes);
  const here = all.flatMap(({ part, diagnosis }) => {
    const diagnostic = toDiagnostic(request, part, diagnosis);
    return diagnostic && touches(diagnostic.range, range) ? [{ part, diagnosis, diagnostic }] : [];
  });
  const actions = here.flatMap(({ part, diagnosis, diagnostic }) => (diagnosis.fixes?.() ?? []).map((fix, index) => actionOf(request, part, fix, diagnostic, index === 0)));
  const codes = [...new Set(here.map(({ diagnosis }) => diagnosis.code))];
  return [...actions, ...codes.flatMap((code) => fixAll(request, code, all.filter(({ diagnosis }) => diagnosis.code === code)) ?? [])];
}

function actionOf({ document }: Request, part: Part, { title, changes }: Fix, diagnostic: Diagnostic, isPreferred: boolean): CodeAction {
  return { title, kind: CodeActionKind.QuickFix, diagnostics: [diagnostic], isPreferred, edit: { changes: { [document.uri]: changes.map((change) => editIn(document, part, change)) } } };
}

function fixAll({ document }: Request, code: string, found: readonly { part: Part; diagnosis: { fixes?: () => readonly Fix[] } }[]): CodeAction | undefined {
  const edits = found.flatMap(({ part, diagnosis }) => (diagnosis.fixes?.()[0]?.changes ?? []).map((change) => editIn(document, part, change)));
  return found.length < 2 || !isSafeTogether(code) ? undefined : { title: t('Mend all {0} of "{1}" in this file', found.length, code), kind: CodeActionKind.QuickFix, edit: { changes: { [document.uri]: edits } } };
}

function touches(a: Range, b: Range): boolean {
  const isBefore = (x: Range['start'], y: Range['start']) => x.line < y.line || (x.line === y.line && x.character < y.character);
  return !isBefore(a.end, b.start) && !isBefore(b.end, a.start);
}

/** Where the first fix is the only sensible one, whatever the object. */
function isSafeTogether(code: string): boolean {
  return code.startsWith('deprecated/') || code.startsWith('advice/') || code === 'schema/unknown-field' || code === 'cloud-init/unknown-key';
}
