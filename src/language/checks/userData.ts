import { t } from '@vscode/l10n';
import type { Check, Remark, Subject } from '../check';
import type { CloudInitProblem } from '../cloudInit/inspect';
import { inspectCloudConfig } from '../cloudInit/inspect';
import { userDataKind } from '../cloudInit/parse';
import { changed } from '../edits';
import type { EmbeddedText } from '../embedded';
import { embeddedTexts } from '../embedded';
import { asPlainText, rewritten } from '../embeddedEdits';
import { tokenAt } from '../places';

export const cloudInitSyntax = problemsWith('cloud-init/unreadable', 'warning');
export const cloudInitUnknownKey = problemsWith('cloud-init/unknown-key', 'warning');
export const cloudInitInvalid = problemsWith('cloud-init/wrong-value', 'warning');
export const cloudInitOutdatedKey = problemsWith('deprecated/cloud-init-key', 'information');
export const plainPassword = problemsWith('advice/plain-password', 'warning');

/** Without a first line that cloud-init knows, the text does nothing. */
export const cloudConfigHeader: Check = {
  code: 'advice/cloud-config-header',
  severity: 'warning',
  *check({ manifest, object }) {
    for (const embedded of embeddedTexts(manifest)) {
      const { path, text, locate, range } = embedded;
      if (userDataKind(text) !== undefined) {
        continue;
      }
      const message = t('cloud-init ignores user data without a first line like "#cloud-config".');
      const start = locate?.(0);
      if (start === undefined) {
        yield { path, range: tokenAt(manifest, path), message, fixes: () => [{ title: t('Add "#cloud-config"'), changes: [rewritten(manifest, embedded, `#cloud-config\n${text}`)] }, ...asPlainText(manifest, object, embedded)] };
        continue;
      }
      const indent = start - (manifest.text.lastIndexOf('\n', start - 1) + 1);
      const fix = { title: t('Add "#cloud-config"'), changes: [{ range: { start, end: start }, text: `#cloud-config\n${' '.repeat(indent)}` }] };
      const end = locate?.(firstLineLength(text)) ?? range.end;
      yield { path, range: { start, end: Math.max(end, start + 1) }, message, fixes: () => [fix] };
    }
  },
};

function problemsWith(code: CloudInitProblem['code'], severity: Check['severity']): Check {
  return {
    code,
    severity,
    *check(subject) {
      for (const embedded of embeddedTexts(subject.manifest)) {
        for (const problem of problemsIn(embedded, subject)) {
          if (problem.code === code) {
            yield remarkOn(subject, embedded, problem);
          }
        }
      }
    },
  };
}

const inspected = new WeakMap<EmbeddedText, readonly CloudInitProblem[]>();

/** Of the last few texts: machines of one kind mostly have the same, and a key typed elsewhere in a manifest leaves it as it was. */
const lately = new Map<string, readonly CloudInitProblem[]>();
const mostKept = 8;

function problemsIn(embedded: EmbeddedText, { schemas }: Subject): readonly CloudInitProblem[] {
  const { text } = embedded;
  let problems = inspected.get(embedded) ?? lately.get(text);
  if (!problems) {
    problems = userDataKind(text) === 'cloud-config' ? inspectCloudConfig(text, schemas.cloudInit()) : [];
    if (lately.size >= mostKept) {
      lately.delete(lately.keys().next().value ?? '');
    }
    lately.set(text, problems);
  }
  inspected.set(embedded, problems);
  return problems;
}

function remarkOn({ manifest, object }: Subject, embedded: EmbeddedText, { code, message, range, fixes }: CloudInitProblem): Remark {
  const { path, locate, text } = embedded;
  const isDeprecated = code === 'deprecated/cloud-init-key';
  if (!locate) {
    // In base64 nobody sees the line that is meant, so the message names it.
    const line = text.slice(0, range.start).split('\n').length;
    const mended = () => (fixes?.() ?? []).map((fix) => ({ ...fix, changes: [rewritten(manifest, embedded, changed(text, fix.changes))] }));
    return { path, range: tokenAt(manifest, path), message: t('Line {0}: {1}', line, message), isDeprecated, fixes: () => [...mended(), ...asPlainText(manifest, object, embedded)] };
  }
  const outer = (inner: { start: number; end: number }) => ({ start: locate(inner.start), end: locate(inner.end) });
  return {
    path, message, isDeprecated, range: outer(range),
    ...(fixes && { fixes: () => fixes().map((fix) => ({ ...fix, changes: fix.changes.map((change) => ({ ...change, range: outer(change.range) })) })) }),
  };
}

function firstLineLength(text: string): number {
  const end = text.indexOf('\n');
  return end < 0 ? text.length : end;
}
