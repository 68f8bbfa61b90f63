import { type Diagnostic, languages, type TextDocument, type Uri, workspace } from 'vscode';
import type { Disposable } from '../base/disposable';
import { DisposableStore } from '../base/disposable';
import { systemClock } from '../base/timing';
import { unrepeated } from './yamlNeighbour';

export interface DiagnosticsRunnerOptions {
  readonly accepts: (document: TextDocument) => boolean;
  readonly judge: (document: TextDocument) => Promise<readonly Diagnostic[]>;
  readonly onDidClose: (document: TextDocument) => void;
  /** A first or further accepted document was opened, one was closed, or what is in one has changed. */
  readonly onDidChangeManifests: () => void;
}

/** Judging waits until nobody has typed for so long. */
const pauseMs = 120;

/** Keeps the findings of every open manifest up to date: soon after it changes, and when `again` is called. */
export class DiagnosticsRunner {
  readonly #options: DiagnosticsRunnerOptions;
  readonly #store = new DisposableStore();
  readonly #found = this.#store.add(languages.createDiagnosticCollection('dvp'));
  readonly #waiting = new Map<TextDocument, Disposable>();
  readonly #accepted = new Set<TextDocument>();
  /** By document: all that was found, and what of it is shown. */
  readonly #judged = new Map<TextDocument, { readonly found: readonly Diagnostic[]; readonly shown: readonly Diagnostic[] }>();

  constructor(options: DiagnosticsRunnerOptions) {
    this.#options = options;
    this.#store.add(workspace.onDidOpenTextDocument((document) => void this.#judge(document)));
    this.#store.add(workspace.onDidChangeTextDocument(({ document }) => this.#later(document)));
    this.#store.add(languages.onDidChangeDiagnostics(({ uris }) => this.#othersTold(uris)));
    this.#store.add(workspace.onDidCloseTextDocument((document) => this.#close(document)));
    workspace.textDocuments.forEach((document) => void this.#judge(document));
  }

  /** The accepted documents that are open. */
  get documents(): readonly TextDocument[] {
    return [...this.#accepted];
  }

  again(): void {
    this.#accepted.forEach((document) => void this.#judge(document));
  }

  dispose(): void {
    this.#waiting.forEach((timer) => timer.dispose());
    this.#waiting.clear();
    this.#store.dispose();
  }

  #later(document: TextDocument): void {
    if (!this.#accepted.has(document) && !this.#options.accepts(document)) {
      return;
    }
    this.#waiting.get(document)?.dispose();
    this.#waiting.set(document, systemClock.after(pauseMs, () => {
      this.#waiting.delete(document);
      this.#options.onDidChangeManifests();
      void this.#judge(document);
    }));
  }

  async #judge(document: TextDocument): Promise<void> {
    if (!this.#options.accepts(document)) {
      this.#forget(document);
      return;
    }
    this.#keep(document, true);
    const { version } = document;
    const found = await this.#options.judge(document);
    if (!document.isClosed && document.version === version && !this.#store.isDisposed) {
      this.#show(document, found);
    }
  }

  #show(document: TextDocument, found: readonly Diagnostic[]): void {
    const shown = unrepeated(found, languages.getDiagnostics(document.uri));
    this.#judged.set(document, { found, shown });
    this.#found.set(document.uri, shown);
  }

  #othersTold(uris: readonly Uri[]): void {
    const told = new Set(uris.map(String));
    for (const [document, { found, shown }] of this.#judged) {
      if (told.has(document.uri.toString()) && unrepeated(found, languages.getDiagnostics(document.uri)).length !== shown.length) {
        this.#show(document, found);
      }
    }
  }

  #close(document: TextDocument): void {
    this.#waiting.get(document)?.dispose();
    this.#waiting.delete(document);
    if (this.#accepted.has(document)) {
      this.#options.onDidClose(document);
    }
    this.#forget(document);
  }

  #forget(document: TextDocument): void {
    this.#judged.delete(document);
    this.#found.delete(document.uri);
    this.#keep(document, false);
  }

  #keep(document: TextDocument, isOpen: boolean): void {
    const before = this.#accepted.size;
    if (isOpen) {
      this.#accepted.add(document);
    } else {
      this.#accepted.delete(document);
    }
    if (this.#accepted.size !== before) {
      this.#options.onDidChangeManifests();
    }
  }
}
