import type { CompletionItem, Range } from 'vscode-languageserver-types';
import { CompletionItemKind, InsertTextFormat, MarkupKind } from 'vscode-languageserver-types';
import type { Path } from '../../domain/values';
import type { Json } from '../scalars';
import type { Schema } from '../structural';
import type { Request } from '../service';
import type { Cursor } from './place';

/** One thing that can stand at the cursor. Offers are shown in their order. */
export interface Offer {
  readonly label: string;
  /** A snippet, its lines indented from column 0; the label unless given. */
  readonly insert?: string;
  readonly kind: 'field' | 'value' | 'object' | 'manifest' | 'amount' | 'snippet';
  /** What is typed is matched with this instead of the label. */
  readonly filter?: string;
  /** Behind the label. */
  readonly detail?: string;
  /** Markdown. */
  readonly documentation?: string;
  /** What follows is worth a choice of its own at once. */
  readonly asksNext?: boolean;
  readonly isPreselected?: boolean;
}

/** What is known about the place of a value. */
export interface ValuePlace {
  readonly request: Request;
  readonly cursor: Cursor;
  readonly path: Path;
  readonly schema: Schema | undefined;
  /** The manifest as far as it can be read. */
  readonly value: Json;
  readonly kind: string;
  readonly namespace: string | undefined;
}

const kinds = {
  field: CompletionItemKind.Property, value: CompletionItemKind.EnumMember, object: CompletionItemKind.Reference, manifest: CompletionItemKind.Module, amount: CompletionItemKind.Unit, snippet: CompletionItemKind.Snippet,
} as const;

/** `indent` is put before every further line of what is inserted. */
export function toItem(offer: Offer, index: number, range: Range, indent: string, filter?: string): CompletionItem {
  const { label, insert, kind, detail, documentation, asksNext, isPreselected } = offer;
  return {
    label, kind: kinds[kind],
    insertTextFormat: InsertTextFormat.Snippet,
    textEdit: { range, newText: (insert ?? escapeSnippet(label)).replaceAll('\n', `\n${indent}`) },
    sortText: String(index).padStart(4, '0'),
    ...(filter === undefined ? {} : { filterText: filter }),
    ...(detail === undefined ? {} : { labelDetails: { description: detail } }),
    ...(documentation ? { documentation: { kind: MarkupKind.Markdown, value: documentation } } : {}),
    ...(asksNext ? { command: { title: '', command: 'editor.action.triggerSuggest' } } : {}),
    ...(isPreselected ? { preselect: true } : {}),
  };
}

/** Text that stands in a snippet as it is. */
export function escapeSnippet(text: string): string {
  return text.replace(/[\\$}]/g, '\\$&');
}
