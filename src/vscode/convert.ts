import {
  CodeAction, CodeActionKind, CodeLens, CompletionItem, CompletionList, Diagnostic, DiagnosticTag, DocumentLink, DocumentSymbol, FoldingRange, FoldingRangeKind,
  Hover, InlayHint, Location, MarkdownString, Position, Range, SnippetString, TextEdit, Uri, WorkspaceEdit,
} from 'vscode';
import type * as lsp from 'vscode-languageserver-types';
import type { Lens } from '../language/lenses';

/** From the language service's values, which are LSP's, to those of VS Code. */
function toPosition({ line, character }: lsp.Position): Position {
  return new Position(line, character);
}

export function toRange({ start, end }: lsp.Range): Range {
  return new Range(toPosition(start), toPosition(end));
}

export function toDiagnostic({ range, message, severity, code, codeDescription, source, tags }: lsp.Diagnostic): Diagnostic {
  // Both count severities in the same order, from 1 and from 0.
  const diagnostic = new Diagnostic(toRange(range), typeof message === 'string' ? message : message.value, (severity ?? 1) - 1);
  diagnostic.source = source ?? '';
  if (code !== undefined) {
    diagnostic.code = codeDescription ? { value: code, target: Uri.parse(codeDescription.href) } : code;
  }
  if (tags?.includes(2)) {
    diagnostic.tags = [DiagnosticTag.Deprecated];
  }
  return diagnostic;
}

export function toCompletionList({ items }: lsp.CompletionList): CompletionList {
  return new CompletionList(items.map(toCompletionItem), false);
}

function toCompletionItem({ label, labelDetails, kind, textEdit, sortText, filterText, documentation, command, preselect }: lsp.CompletionItem): CompletionItem {
  const item = new CompletionItem(labelDetails?.description === undefined ? label : { label, description: labelDetails.description }, (kind ?? 1) - 1);
  const edit = textEdit as lsp.TextEdit;
  item.insertText = new SnippetString(edit.newText);
  item.range = toRange(edit.range);
  // The further lines are indented already.
  item.keepWhitespace = true;
  return Object.assign(item, {
    ...(sortText === undefined ? {} : { sortText }),
    ...(filterText === undefined ? {} : { filterText }),
    ...(typeof documentation === 'object' ? { documentation: new MarkdownString(documentation.value) } : {}),
    ...(command ? { command: { title: command.title, command: command.command } } : {}),
    ...(preselect ? { preselect } : {}),
  });
}

export function toHover({ contents, range }: lsp.Hover): Hover {
  const { value } = contents as lsp.MarkupContent;
  return range ? new Hover(new MarkdownString(value), toRange(range)) : new Hover(new MarkdownString(value));
}

export function toLocation({ uri, range }: lsp.Location): Location {
  return new Location(Uri.parse(uri), toRange(range));
}

export function toWorkspaceEdit({ changes = {} }: lsp.WorkspaceEdit): WorkspaceEdit {
  const edit = new WorkspaceEdit();
  for (const [uri, edits] of Object.entries(changes)) {
    edit.set(Uri.parse(uri), edits.map(({ range, newText }) => TextEdit.replace(toRange(range), newText)));
  }
  return edit;
}

/** `shown` are the diagnostics that the editor has on screen: an action belongs to the one that it mends. */
export function toCodeAction({ title, edit, diagnostics = [], isPreferred }: lsp.CodeAction, shown: readonly Diagnostic[]): CodeAction {
  const action = new CodeAction(title, CodeActionKind.QuickFix);
  if (edit) {
    action.edit = toWorkspaceEdit(edit);
  }
  action.diagnostics = diagnostics.map(toDiagnostic).flatMap((mended) => shown.find((each) => each.message === mended.message && each.range.isEqual(mended.range)) ?? []);
  return Object.assign(action, isPreferred ? { isPreferred } : {});
}

export function toDocumentLink({ range, target, tooltip }: lsp.DocumentLink): DocumentLink {
  const link = new DocumentLink(toRange(range), target === undefined ? undefined : Uri.parse(target));
  return Object.assign(link, tooltip === undefined ? {} : { tooltip });
}

export function toDocumentSymbol({ name, detail, kind, range, selectionRange, children = [] }: lsp.DocumentSymbol): DocumentSymbol {
  const symbol = new DocumentSymbol(name, detail ?? '', kind - 1, toRange(range), toRange(selectionRange));
  symbol.children = children.map(toDocumentSymbol);
  return symbol;
}

export function toFoldingRange({ startLine, endLine, kind }: lsp.FoldingRange): FoldingRange {
  return new FoldingRange(startLine, endLine, kind === 'region' ? FoldingRangeKind.Region : undefined);
}

export function toInlayHint({ position, label, tooltip, paddingLeft }: lsp.InlayHint): InlayHint {
  const hint = new InlayHint(toPosition(position), label as string);
  return Object.assign(hint, { ...(typeof tooltip === 'string' ? { tooltip } : {}), ...(paddingLeft ? { paddingLeft } : {}) });
}

/** `uri` is the document that the lens stands in. */
export function toCodeLens({ range, title, tooltip, action }: Lens, uri: Uri): CodeLens {
  return new CodeLens(toRange(range), { title, ...commandOf(action, uri, range.start), ...(tooltip === undefined ? {} : { tooltip }) });
}

function commandOf(action: Lens['action'], uri: Uri, start: lsp.Position): { readonly command: string; readonly arguments?: unknown[] } {
  switch (action.type) {
    case 'openLive':
      return { command: 'dvp.object.openYaml', arguments: [action.object] };
    case 'console':
      return { command: 'dvp.vm.console', arguments: [action.object] };
    case 'apply':
    case 'diff':
      return { command: `dvp.manifest.${action.type}`, arguments: [uri, toPosition(start)] };
    case 'none':
      return { command: '' };
  }
}
