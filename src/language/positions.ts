import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Range as LspRange, TextEdit } from 'vscode-languageserver-types';
import type { Change } from './edits';
import type { Part, Range } from './manifest';

/** A range of one manifest, counted from its beginning, in lines and columns of its file. */
export function rangeIn(document: TextDocument, { offset }: { readonly offset: number }, { start, end }: Range): LspRange {
  return { start: document.positionAt(offset + start), end: document.positionAt(offset + Math.max(start, end)) };
}

export function editIn(document: TextDocument, part: { readonly offset: number }, { range, text }: Change): TextEdit {
  return { range: rangeIn(document, part, range), newText: text };
}

/** The document of a file that an offset is in; the last one that begins before it. */
export function partAt(parts: readonly Part[], offset: number): Part | undefined {
  return parts.findLast((part) => part.offset <= offset);
}
