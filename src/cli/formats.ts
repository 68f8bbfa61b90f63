import type { Severity } from '../language/check';
import type { Finding } from './check';

export const formats = ['text', 'json', 'sarif', 'github'] as const;

export type Format = (typeof formats)[number];

/** Findings as standard output has them; ends without a line break, empty when there is nothing to print. */
export function formatted(findings: readonly Finding[], format: Format, version: string): string {
  switch (format) {
    case 'text': return findings.map(({ file, line, column, severity, code, message }) => `${file}:${line}:${column}: ${severity}: ${oneLine(message)} [${code}]`).join('\n');
    case 'json': return JSON.stringify(findings, undefined, 2);
    case 'sarif': return JSON.stringify(sarif(findings, version), undefined, 2);
    case 'github': return findings.map(workflowCommand).join('\n');
  }
}

/** How many of what, for people. */
export function totals(findings: readonly Finding[], files: number): string {
  const count = (severity: Severity) => findings.filter((finding) => finding.severity === severity).length;
  const parts = [plural(count('error'), 'error'), plural(count('warning'), 'warning'), plural(count('information') + count('hint'), 'note')].filter((part) => !part.startsWith('0 '));
  return `${plural(files, 'file')} checked: ${parts.length > 0 ? parts.join(', ') : 'nothing to say'}.`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ');
}

const sarifLevels: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', information: 'note', hint: 'note' };

/** SARIF 2.1.0: https://docs.oasis-open.org/sarif/sarif/v2.1.0/ */
function sarif(findings: readonly Finding[], version: string): object {
  const codes = [...new Set(findings.map(({ code }) => code))].sort();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0',
    runs: [{
      tool: { driver: { name: 'dvp-check', version, rules: codes.map((id) => ({ id })) } },
      columnKind: 'utf16CodeUnits',
      results: findings.map(({ file, line, column, endLine, endColumn, severity, code, message, path }) => ({
        ruleId: code, ruleIndex: codes.indexOf(code), level: sarifLevels[severity], message: { text: message },
        locations: [{
          physicalLocation: { artifactLocation: { uri: uriOf(file) }, region: { startLine: line, startColumn: column, endLine, endColumn } },
          ...(path === '' ? {} : { logicalLocations: [{ fullyQualifiedName: path }] }),
        }],
      })),
    }],
  };
}

/** A relative file stays relative: that is how code hosts find it. */
function uriOf(file: string): string {
  const path = file.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
  return /^[A-Za-z]:\//.test(file.replaceAll('\\', '/')) ? `file:///${path}` : path.startsWith('/') ? `file://${path}` : path;
}

const githubLevels: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', information: 'notice', hint: 'notice' };

/** An annotation of GitHub Actions; columns only stand where line and end line are the same. */
function workflowCommand({ file, line, column, endLine, endColumn, severity, code, message }: Finding): string {
  const columns = line === endLine ? `,col=${column},endColumn=${endColumn}` : '';
  return `::${githubLevels[severity]} file=${property(file)},line=${line},endLine=${endLine}${columns},title=${property(code)}::${data(message)}`;
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
