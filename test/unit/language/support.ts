import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { CompletionItem, Position, TextEdit } from 'vscode-languageserver-types';
import { root } from '../../../scripts/paths';
import type { ClusterView } from '../../../src/domain/clusterView';
import type { ModuleGeneration } from '../../../src/language/rule';
import { bundledSchemas } from '../../../src/language/schemaSource';
import type { LanguageService, LanguageServiceOptions } from '../../../src/language/service';
import { createLanguageService } from '../../../src/language/service';

/** A file below `schemas/`; `undefined` where there is none. */
export function readSchema(file: string): string | undefined {
  const full = path.join(root, 'schemas', file);
  return existsSync(full) ? readFileSync(full, 'utf8') : undefined;
}

export interface ServiceParts extends Partial<LanguageServiceOptions> {
  readonly module?: ModuleGeneration;
  readonly view?: ClusterView;
  readonly namespace?: string;
}

/** A service over the bundled schemas, connected to `view` where one is given. */
export function service({ module = '1.10', view, namespace = 'prod', ...options }: ServiceParts = {}): LanguageService {
  const schemas = bundledSchemas(module, readSchema);
  const context = view && { id: 'test', name: 'test', view, namespace };
  return createLanguageService({
    schemas,
    snippets: (file) => readFileSync(path.join(root, `snippets/${file}.code-snippets`), 'utf8'),
    liveUri: ({ context, kind, name, namespace: place }) => `dvp:/${context}/${place ?? '-'}/${kind}/${name}.yaml`,
    ...(context ? { cluster: () => context } : {}),
    ...options,
  });
}

export function yaml(text: string, uri = 'file:///manifest.yaml'): TextDocument {
  return TextDocument.create(uri, uri.endsWith('.json') ? 'json' : 'yaml', 1, text);
}

/** A document and the place of the one `|` in it that no block text starts with. */
export function atCursor(marked: string, uri?: string): { readonly document: TextDocument; readonly position: Position } {
  const offset = marked.indexOf('¦');
  const document = yaml(marked.slice(0, offset) + marked.slice(offset + 1), uri);
  return { document, position: document.positionAt(offset) };
}

/** The text after an item was accepted, its snippet expanded to its defaults. */
export function accept(document: TextDocument, item: CompletionItem): string {
  const edit = item.textEdit as TextEdit;
  return TextDocument.applyEdits(document, [{ ...edit, newText: expandSnippet(edit.newText) }]);
}

function expandSnippet(text: string): string {
  return text
    .replaceAll(/(?<!\\)\$\{\d+\|([^,|]*)[^|]*\|\}/g, '$1')
    .replaceAll(/(?<!\\)\$\{\d+:((?:\\.|[^}\\])*)\}/g, '$1')
    .replaceAll(/(?<!\\)\$(?:\d+|\{\d+\})/g, '')
    .replaceAll(/\\([$}\\])/g, '$1');
}
