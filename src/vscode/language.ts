import { t } from '@vscode/l10n';
import {
  CodeActionKind, type CodeLensProvider, type DocumentSelector, EventEmitter, languages, type Position, type TextDocument as EditorDocument, type Uri, workspace,
} from 'vscode';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { DisposableStore } from '../base/disposable';
import { Paced } from '../base/paced';
import { systemClock } from '../base/timing';
import { mayHoldManifests } from '../domain/manifestText';
import type { Lens } from '../language/lenses';
import type { LanguageService, ManifestText } from '../language/service';
import type { Clusters } from './clusters';
import type * as conversions from './convert';
import { DiagnosticsRunner } from './diagnosticsRunner';
import type { LanguageRuntime } from './languageRuntime';
import { type Report, UserError } from './report';
import { changes, setting } from './settings';
import { diffScheme, objectScheme } from './target';

export interface LanguageOptions {
  readonly clusters: Clusters;
  readonly report: Report;
  readonly extensionUri: Uri;
}

const languageIds = ['yaml', 'json', 'jsonc'];
const selector: DocumentSelector = languageIds.map((language) => ({ language }));

/** How often what happens in the cluster may have open documents judged again. */
const clusterIntervalMs = 1000;

/** Help with manifests in the editor. Nothing of the language service is loaded before the first document that it is for. */
export class Language {
  readonly #options: LanguageOptions;
  readonly #store = new DisposableStore();
  readonly #lensesChanged = this.#store.add(new EventEmitter<void>());
  /** What was given to VS Code last. */
  readonly #givenLenses = new WeakMap<EditorDocument, string>();
  readonly #runner: DiagnosticsRunner;
  readonly #documents = new WeakMap<EditorDocument, TextDocument>();
  #runtime: Promise<LanguageRuntime> | undefined;

  constructor(options: LanguageOptions) {
    this.#options = options;
    this.#runner = this.#store.add(new DiagnosticsRunner({
      accepts: isManifest,
      judge: (document) => this.#ask(document, [], (service, text, convert) => service.diagnostics(text).map(convert.toDiagnostic)),
      onDidClose: (document) => void this.#runtime?.then(({ service }) => service.close(document.uri.toString())),
      onDidChangeManifests: () => this.#follow(),
    }));
    const again = this.#store.add(new Paced(systemClock, { intervalMs: clusterIntervalMs }, () => this.#again()));
    const { clusters } = options;
    this.#store.add(clusters.onDidChange(() => again.trigger()));
    this.#store.add(clusters.onDidChangeObjects(({ context }) => {
      if (context === clusters.current?.id) {
        again.trigger();
      }
    }));
    this.#store.add(workspace.onDidChangeConfiguration((event) => {
      if (changes(event, 'diagnostics.severity') || changes(event, 'schemas.module') || changes(event, 'inlayHints')) {
        this.#again();
      }
    }));
    this.#register();
  }

  dispose(): void {
    this.#store.dispose();
    void this.#runtime?.then((runtime) => runtime.dispose());
    this.#runtime = undefined;
  }

  /** The manifest at a place of a document, as it would be sent; `undefined` where there is none. */
  async manifestAt(document: EditorDocument, { line, character }: Position): Promise<ManifestText | undefined> {
    return this.#about(document, undefined, (service, text) => service.manifestAt(text, { line, character }));
  }

  #again(): void {
    if (this.#runtime) {
      // The current context may be another one, or connected since.
      this.#follow();
      this.#runner.again();
      void this.#tellLenses();
    }
  }

  /** VS Code draws all lenses anew when it asks for them, and loses a click that is under way: it is told only when one says something else. */
  async #tellLenses(): Promise<void> {
    const changed = await Promise.all(this.#runner.documents.map(async (document) => {
      const given = this.#givenLenses.get(document);
      return given !== undefined && given !== JSON.stringify(await this.#lensesOf(document));
    }));
    if (changed.includes(true)) {
      this.#lensesChanged.fire();
    }
  }

  async #lensesOf(document: EditorDocument): Promise<readonly Lens[]> {
    return await this.#about(document, [], (service, text) => service.codeLenses(text)) ?? [];
  }

  #follow(): void {
    void this.#runtime?.then((runtime) => this.#followFrom(runtime));
  }

  #followFrom(runtime: LanguageRuntime): void {
    runtime.follow(this.#runner.documents.map((document) => document.getText()));
  }

  #register(): void {
    const add = (item: { dispose(): void }) => void this.#store.add(item);
    add(languages.registerCompletionItemProvider(selector, {
      provideCompletionItems: (document, position) => (isManifest(document) || mayBecomeManifest(document, position)
        ? this.#ask(document, undefined, (service, text, convert) => { const list = service.completion(text, position); return list && convert.toCompletionList(list); }) : undefined),
    }, ' ', ':', '-', '"', '#'));
    add(languages.registerHoverProvider(selector, {
      provideHover: (document, position) => this.#about(document, undefined, (service, text, convert) => { const hover = service.hover(text, position); return hover && convert.toHover(hover); }),
    }));
    add(languages.registerDefinitionProvider(selector, { provideDefinition: (document, position) => this.#about(document, [], (service, text, convert) => service.definition(text, position).map(convert.toLocation)) }));
    add(languages.registerReferenceProvider(selector, { provideReferences: (document, position) => this.#about(document, [], (service, text, convert) => service.references(text, position).map(convert.toLocation)) }));
    add(languages.registerRenameProvider(selector, {
      prepareRename: (document, position) => this.#about(document, undefined, (service, text, convert) => {
        const range = service.renameRange(text, position);
        return range ? convert.toRange(range) : Promise.reject(new UserError(t('Only names of objects that this workspace defines can be renamed.')));
      }),
      provideRenameEdits: (document, position, name) => this.#about(document, undefined, (service, text, convert) => {
        const edit = service.rename(text, position, name);
        return edit && 'problem' in edit ? Promise.reject(new UserError(edit.problem)) : edit && convert.toWorkspaceEdit(edit);
      }),
    }));
    add(languages.registerDocumentLinkProvider(selector, { provideDocumentLinks: (document) => this.#about(document, [], (service, text, convert) => service.documentLinks(text).map(convert.toDocumentLink)) }));
    add(languages.registerDocumentSymbolProvider(selector, { provideDocumentSymbols: (document) => this.#about(document, [], (service, text, convert) => service.symbols(text).map(convert.toDocumentSymbol)) }, { label: 'DVP' }));
    add(languages.registerFoldingRangeProvider({ language: 'yaml' }, { provideFoldingRanges: (document) => this.#about(document, [], (service, text, convert) => service.folding(text).map(convert.toFoldingRange)) }));
    add(languages.registerCodeActionsProvider(selector, {
      provideCodeActions: (document, range, { diagnostics }) => this.#about(document, [], (service, text, convert) => service.codeActions(text, range).map((action) => convert.toCodeAction(action, diagnostics))),
    }, { providedCodeActionKinds: [CodeActionKind.QuickFix] }));
    add(languages.registerCodeLensProvider(selector, this.#lenses()));
    add(languages.registerInlayHintsProvider(selector, { provideInlayHints: (document, range) => this.#about(document, [], (service, text, convert) => (setting('inlayHints') ? service.inlayHints(text, range).map(convert.toInlayHint) : [])) }));
  }

  #lenses(): CodeLensProvider {
    return {
      onDidChangeCodeLenses: this.#lensesChanged.event,
      provideCodeLenses: async (document) => {
        const [lenses, { toCodeLens }] = await Promise.all([this.#lensesOf(document), import('./convert')]);
        this.#givenLenses.set(document, JSON.stringify(lenses));
        return lenses.map((lens) => toCodeLens(lens, document.uri));
      },
    };
  }

  /** As `#ask`, for documents that hold manifests already; any other costs nothing. */
  #about<T>(document: EditorDocument, nothing: T, make: Make<T>): Promise<T> | undefined {
    return isManifest(document) ? this.#ask(document, nothing, make) : undefined;
  }

  /** Whatever fails here but a refusal is a fault of ours: it is logged, and the editor goes on without an answer. */
  async #ask<T>(document: EditorDocument, nothing: T, make: Make<T>): Promise<T> {
    const [runtime, convert] = await Promise.all([this.#load(), import('./convert')]);
    if (document.isClosed) {
      return nothing;
    }
    try {
      return await make(runtime.service, this.#textOf(document), convert);
    } catch (error) {
      if (error instanceof UserError) {
        throw error;
      }
      this.#options.report.background('Reading a manifest', error);
      return nothing;
    }
  }

  #load(): Promise<LanguageRuntime> {
    this.#runtime ??= import('./languageRuntime').then(({ LanguageRuntime: Runtime }) => {
      const runtime = new Runtime({ ...this.#options, onDidIndex: () => this.#again() });
      this.#followFrom(runtime);
      return runtime;
    });
    return this.#runtime;
  }

  /** One copy of the text for each version of a document, whoever asks. */
  #textOf(document: EditorDocument): TextDocument {
    let text = this.#documents.get(document);
    if (text?.version !== document.version) {
      text = TextDocument.create(document.uri.toString(), document.languageId, document.version, document.getText());
      this.#documents.set(document, text);
    }
    return text;
  }
}

type Make<T> = (service: LanguageService, text: TextDocument, convert: typeof conversions) => T | Promise<T>;

/** Documents of live objects are shown as they are: there is nothing to mend in them. */
function isManifest(document: EditorDocument): boolean {
  return languageIds.includes(document.languageId) && !isOwn(document) && mayHoldManifests(document.getText());
}

function isOwn({ uri }: EditorDocument): boolean {
  return uri.scheme === objectScheme || uri.scheme === diffScheme;
}

/** A file without fields of anything else, where a manifest can begin. */
function mayBecomeManifest(document: EditorDocument, position: Position): boolean {
  const before = document.lineAt(position.line).text.slice(0, position.character);
  return document.languageId === 'yaml' && !isOwn(document) && /^(?:[\w -]*|kind:\s*\w*|apiVersion:\s*[\w./]*)$/.test(before)
    && !/^(?!kind:|apiVersion:)[\w-]+:/m.test(document.getText());
}
