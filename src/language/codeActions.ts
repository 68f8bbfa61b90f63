import { t } from '@vscode/l10n';
import type { CodeAction, Diagnostic, Range } from 'vscode-languageserver-types';
import { CodeActionKind } from 'vscode-languageserver-types';
import { findingsOf, toDiagnostic } from './diagnostics';
import type { Change, Fix } from './edits';
import type { Diagnosis } from './kernel';
import type { Part } from './manifest';
import { editIn } from './positions';
import type { Request } from './service';

interface Found {
  readonly part: Part;
  readonly diagnosis: Diagnosis;
}

/** The fixes of what was found under the cursor; and of everything of the same kind in the file, where there is more than one. */
export function codeActions(request: Request, range: Range): readonly CodeAction[] {
  const all = withoutHalves([...findingsOf(request)].filter(({ diagnosis }) => diagnosis.fixes));
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

function fixAll({ document }: Request, code: string, found: readonly Found[]): CodeAction | undefined {
  if (found.length < 2 || !isSafeTogether(code)) {
    return undefined;
  }
  // Two mistakes in one text that is written anew as a whole, as base64 is: the second is mended next time.
  const mended: { readonly part: Part; readonly changes: readonly Change[] }[] = [];
  for (const { part, diagnosis } of found) {
    const changes = diagnosis.fixes?.()[0]?.changes ?? [];
    if (changes.length > 0 && !mended.some((other) => other.part === part && changes.some(({ range }) => other.changes.some((change) => range.start < change.range.end && change.range.start < range.end)))) {
      mended.push({ part, changes });
    }
  }
  const edits = mended.flatMap(({ part, changes }) => changes.map((change) => editIn(document, part, change)));
  return mended.length < 2 ? undefined : { title: t('Mend all {0} of "{1}" in this file', mended.length, code), kind: CodeActionKind.QuickFix, edit: { changes: { [document.uri]: edits } } };
}

/** A field that was renamed is no misspelling: its values have changed too, so its rewrite stands alone. */
function withoutHalves(all: readonly Found[]): readonly Found[] {
  const rewritten = all.filter(({ diagnosis }) => diagnosis.code.startsWith('deprecated/'));
  return all.filter(({ part, diagnosis }) => diagnosis.code !== 'schema/unknown-field' || !rewritten.some((other) => other.part === part && other.diagnosis.range.start === diagnosis.range.start));
}

function touches(a: Range, b: Range): boolean {
  const isBefore = (x: Range['start'], y: Range['start']) => x.line < y.line || (x.line === y.line && x.character < y.character);
  return !isBefore(a.end, b.start) && !isBefore(b.end, a.start);
}

/** Where the first fix is the only sensible one, whatever the object. */
function isSafeTogether(code: string): boolean {
  return code.startsWith('deprecated/') || code.startsWith('advice/') || code === 'schema/unknown-field' || code === 'cloud-init/unknown-key';
}
