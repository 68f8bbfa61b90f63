import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { CodeAction, CompletionList, Diagnostic, DocumentLink, DocumentSymbol, FoldingRange, Hover, InlayHint, Location, Position, Range, WorkspaceEdit } from 'vscode-languageserver-types';
import type { ClusterView } from '../domain/clusterView';
import type { KindId } from '../domain/kind';
import { mayHoldManifests } from '../domain/manifestText';
import { settingsOf } from './clusterSettings';
import { complete } from './completion/complete';
import { codeActions } from './codeActions';
import { Diagnoses } from './diagnose';
import type { Surroundings } from './facts';
import { diagnosticsOf } from './diagnostics';
import { foldingOf, symbolsOf } from './outline';
import { hoverAt } from './hover';
import { identityOf, isPlatformKind } from './identity';
import { inlayHintsOf } from './inlayHints';
import type { Lens } from './lenses';
import { lensesOf } from './lenses';
import type { Part } from './manifest';
import { parseFile } from './manifest';
import { definitionsAt, linksIn, referencesAt, renameAt, renameRangeAt } from './navigation';
import { partAt } from './positions';
import type { ModuleSettings } from './rule';
import type { SchemaSource } from './schemaSource';
import { WorkspaceIndex } from './workspaceIndex';

export interface LanguageServiceOptions {
  readonly schemas: SchemaSource;
  /** The cluster that a document is meant for; called at every request, so that it may change. */
  readonly cluster?: (uri: string) => ClusterContext | undefined;
  /** How loud findings are, by code or group: `error`, `warning`, `information`, `hint`, `off`. */
  readonly severities?: () => Readonly<Record<string, string>>;
  /** Where a code is explained. */
  readonly explanation?: (code: string) => string;
  /** The URI of an object of the cluster as a document. */
  readonly liveUri?: (object: LiveObjectName) => string;
  /** The text of a file below `snippets/` without its ending, such as `manifests`. */
  readonly snippets?: (file: string) => string | undefined;
}

/** A connected cluster as documents see it. */
export interface ClusterContext {
  readonly id: string;
  readonly name: string;
  readonly view: ClusterView;
  /** Where objects go whose manifest names no namespace. */
  readonly namespace: string | undefined;
}

export interface LiveObjectName {
  readonly context: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

/** One document of a file as it would be sent to a cluster. */
export interface ManifestText {
  readonly text: string;
  readonly value: unknown;
  readonly id: KindId;
  readonly kind: string;
  /** As in `v1alpha2`. */
  readonly version: string;
  readonly name: string;
  /** `undefined` where the manifest names none. */
  readonly namespace: string | undefined;
}

/** Everything that an editor asks about manifests. Synchronous: schemas, cluster and workspace are in memory. Positions are LSP's. */
export interface LanguageService {
  /** The other manifests of the workspace; open documents enter it by themselves. */
  readonly workspace: WorkspaceIndex;
  diagnostics(document: TextDocument): readonly Diagnostic[];
  codeActions(document: TextDocument, range: Range): readonly CodeAction[];
  completion(document: TextDocument, position: Position): CompletionList | undefined;
  hover(document: TextDocument, position: Position): Hover | undefined;
  definition(document: TextDocument, position: Position): readonly Location[];
  references(document: TextDocument, position: Position): readonly Location[];
  /** What would be renamed, `undefined` where nothing can be. */
  renameRange(document: TextDocument, position: Position): Range | undefined;
  /** `problem` says why it cannot be called that. */
  rename(document: TextDocument, position: Position, name: string): WorkspaceEdit | { readonly problem: string } | undefined;
  documentLinks(document: TextDocument): readonly DocumentLink[];
  symbols(document: TextDocument): readonly DocumentSymbol[];
  folding(document: TextDocument): readonly FoldingRange[];
  codeLenses(document: TextDocument): readonly Lens[];
  inlayHints(document: TextDocument, range: Range): readonly InlayHint[];
  /** The manifest of the platform's that a place is in; `undefined` where there is none, or none that has a name. */
  manifestAt(document: TextDocument, position: Position): ManifestText | undefined;
  /** Reads a file of the workspace that is not open; `undefined` when it is gone. */
  file(uri: string, text: string | undefined): void;
  /** The document was closed: what it holds is again what is on disk. */
  close(uri: string): void;
}

/** What every request works with. */
export interface Request {
  readonly document: TextDocument;
  readonly parts: readonly Part[];
  readonly surroundings: Surroundings;
  readonly cluster: ClusterContext | undefined;
  readonly options: LanguageServiceOptions;
  readonly diagnoses: Diagnoses;
}

/** Keeps open documents parsed from one question to the next, and nothing else; there is nothing to dispose. */
export function createLanguageService(options: LanguageServiceOptions): LanguageService {
  const workspace = new WorkspaceIndex();
  const diagnoses = new Diagnoses(options.schemas);
  const open = new Map<string, { readonly text: string; readonly parts: readonly Part[] }>();

  /** `undefined` for documents that are none of ours. */
  const request = (document: TextDocument): Request | undefined => {
    const { uri } = document;
    const text = document.getText();
    const before = open.get(uri);
    if (!mayHoldManifests(text)) {
      if (before) {
        open.delete(uri);
        workspace.delete(uri);
      }
      return undefined;
    }
    const parts = before?.text === text ? before.parts : parseFile(text, document.languageId.startsWith('json') ? 'json' : 'yaml', before?.parts ?? workspace.parts(uri));
    if (parts !== before?.parts) {
      open.set(uri, { text, parts });
      workspace.set(uri, text, parts);
    }
    const cluster = options.cluster?.(uri);
    const surroundings = { view: cluster?.view, workspace, namespace: cluster?.namespace, settings: cluster ? settingsOf(cluster.view) : noSettings };
    return { document, parts, surroundings, cluster, options, diagnoses };
  };
  const answer = <T>(document: TextDocument, make: (asked: Request) => T, nothing: T): T => {
    const asked = request(document);
    return asked ? make(asked) : nothing;
  };

  return {
    workspace,
    diagnostics: (document) => answer(document, diagnosticsOf, []),
    codeActions: (document, range) => answer(document, (asked) => codeActions(asked, range), []),
    // The only request that a file answers which holds nothing of ours yet.
    completion: (document, position) => complete(request(document) ?? { document, parts: [], surroundings: { view: undefined, workspace, namespace: undefined, settings: noSettings }, cluster: options.cluster?.(document.uri), options, diagnoses }, position),
    hover: (document, position) => answer(document, (asked) => hoverAt(asked, position), undefined),
    definition: (document, position) => answer(document, (asked) => definitionsAt(asked, position), []),
    references: (document, position) => answer(document, (asked) => referencesAt(asked, position), []),
    renameRange: (document, position) => answer(document, (asked) => renameRangeAt(asked, position), undefined),
    rename: (document, position, name) => answer(document, (asked) => renameAt(asked, position, name), undefined),
    documentLinks: (document) => answer(document, linksIn, []),
    symbols: (document) => answer(document, symbolsOf, []),
    folding: (document) => answer(document, foldingOf, []),
    codeLenses: (document) => answer(document, lensesOf, []),
    inlayHints: (document, range) => answer(document, (asked) => inlayHintsOf(asked, range), []),
    manifestAt: (document, position) => answer(document, ({ parts }) => manifestTextOf(partAt(parts, document.offsetAt(position))), undefined),
    file: (uri, text) => {
      if (open.has(uri)) {
        return;
      }
      if (text === undefined || !mayHoldManifests(text)) {
        workspace.delete(uri);
      } else {
        workspace.set(uri, text, parseFile(text, uri.endsWith('.json') ? 'json' : 'yaml', workspace.parts(uri)));
      }
    },
    close: (uri) => void open.delete(uri),
  };
}

function manifestTextOf(part: Part | undefined): ManifestText | undefined {
  const identity = part && identityOf(part.manifest);
  if (!part || !identity?.name || !isPlatformKind(identity)) {
    return undefined;
  }
  const { id, kind, apiVersion, name, namespace } = identity;
  return { text: part.manifest.text, value: part.manifest.value, id, kind, version: apiVersion.slice(apiVersion.indexOf('/') + 1), name, namespace };
}

const noSettings: ModuleSettings = {};
