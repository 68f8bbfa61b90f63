import { t } from '@vscode/l10n';
import type { DocumentLink, Location, Position, Range, TextEdit, WorkspaceEdit } from 'vscode-languageserver-types';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { KindId } from '../domain/kind';
import { knownKind } from '../domain/kinds/index';
import { identityOf, isOurs } from './identity';
import type { Manifest, Part } from './manifest';
import { spotAt, tokenAt } from './places';
import { partAt, rangeIn } from './positions';
import { isObject } from './prune';
import { isDnsSubdomain } from './names';
import type { NamedObject } from './references';
import { namedObjects } from './references';
import type { Request } from './service';

/** An object that stands under the cursor: named by a reference, or defined by `metadata.name`. */
interface Meant {
  readonly id: KindId;
  readonly name: string;
  readonly namespace: string | undefined;
  readonly range: Range;
}

/** The manifest of the object in the workspace; else its document in the cluster. */
export function definitionsAt(request: Request, position: Position): readonly Location[] {
  const meant = meantAt(request, position);
  if (!meant) {
    return [];
  }
  const planned = request.surroundings.workspace.named(meant.id, meant.name, meant.namespace).map((entry) => locate(request, entry.uri, request.surroundings.workspace.offsetOf(entry), entry.manifest, ['metadata', 'name']));
  const live = liveUri(request, meant);
  return planned.length > 0 ? planned : live === undefined ? [] : [{ uri: live, range: top }];
}

/** Every place in the workspace that names the object, its own manifests included. */
export function referencesAt(request: Request, position: Position): readonly Location[] {
  const meant = meantAt(request, position);
  return meant ? [...places(request, meant)].map(({ uri, offset, manifest, path }) => locate(request, uri, offset, manifest, path)) : [];
}

/** Only names of objects that the workspace defines can be renamed: others are the cluster's. */
export function renameRangeAt(request: Request, position: Position): Range | undefined {
  const meant = meantAt(request, position);
  return meant && request.surroundings.workspace.named(meant.id, meant.name, meant.namespace).length > 0 ? meant.range : undefined;
}

/** `problem` is a sentence for people: the new name is none. */
export function renameAt(request: Request, position: Position, name: string): WorkspaceEdit | { readonly problem: string } | undefined {
  const meant = meantAt(request, position);
  if (!meant || !renameRangeAt(request, position)) {
    return undefined;
  }
  if (isDnsSubdomain(name).length > 0) {
    return { problem: t('"{0}" cannot be a name: use lower-case letters, digits, "-" and ".".', name) };
  }
  const changes: Record<string, TextEdit[]> = {};
  for (const place of places(request, meant)) {
    const { uri, range } = locate(request, place.uri, place.offset, place.manifest, place.path);
    const text = place.manifest.text.slice(...bounds(place.manifest, place.path));
    const quote = /^["']/.exec(text)?.[0] ?? '';
    (changes[uri] ??= []).push({ range, newText: `${quote}${name}${quote}` });
  }
  return { changes };
}

/** Names that lead to the manifest or to the live object. */
export function linksIn(request: Request): readonly DocumentLink[] {
  const { parts, document } = request;
  return parts.flatMap((part) => [...objectsIn(part, request)].flatMap((named) => {
    const range = rangeIn(document, part, tokenAt(part.manifest, named.path));
    const target = named.id === undefined ? undefined : targetOf(request, { ...named, id: named.id, range });
    return target === undefined ? [] : [{ range, target, tooltip: t('Open {0} "{1}"', named.id ?? '', named.name) }];
  }));
}

function targetOf(request: Request, meant: Meant): string | undefined {
  const { workspace } = request.surroundings;
  const [entry] = workspace.named(meant.id, meant.name, meant.namespace);
  if (!entry) {
    return liveUri(request, meant);
  }
  const { range } = locate(request, entry.uri, workspace.offsetOf(entry), entry.manifest, ['metadata', 'name']);
  return `${entry.uri}#L${range.start.line + 1}`;
}

function meantAt(request: Request, position: Position): Meant | undefined {
  const { document, parts, surroundings } = request;
  const offset = document.offsetAt(position);
  const part = partAt(parts, offset);
  const identity = part && identityOf(part.manifest);
  const spot = part && spotAt(part.manifest, offset - part.offset);
  if (!part || !identity || spot?.part !== 'value') {
    return undefined;
  }
  const range = rangeIn(document, part, spot.range);
  if (spot.path.join('.') === 'metadata.name' && identity.name !== undefined) {
    const isNamespaced = knownKind(identity.id)?.namespaced !== false;
    return { id: identity.id, name: identity.name, namespace: isNamespaced ? identity.namespace ?? surroundings.namespace : undefined, range };
  }
  const named = [...objectsIn(part, request)].find(({ path }) => path.join('.') === spot.path.join('.'));
  return named?.id === undefined ? undefined : { id: named.id, name: named.name, namespace: named.namespace, range };
}

function objectsIn({ manifest }: Part, { surroundings }: Request): Iterable<NamedObject> {
  const identity = isOurs(manifest) ? identityOf(manifest) : undefined;
  return identity && isObject(manifest.value) ? namedObjects(manifest.value, identity, identity.namespace ?? surroundings.namespace) : [];
}

function* places({ surroundings }: Request, { id, name, namespace }: Meant) {
  const { workspace } = surroundings;
  const isHere = (place: string | undefined) => place === undefined || namespace === undefined || place === namespace;
  for (const entry of workspace) {
    const { uri, manifest, object } = entry;
    const offset = workspace.offsetOf(entry);
    if (entry.id === id && object.metadata.name === name && isHere(entry.namespace)) {
      yield { uri, offset, manifest, path: ['metadata', 'name'] };
    }
    const identity = identityOf(manifest);
    if (!identity || !isObject(manifest.value)) {
      continue;
    }
    for (const named of namedObjects(manifest.value, identity, identity.namespace ?? surroundings.namespace)) {
      if (named.id === id && named.name === name && isHere(named.namespace)) {
        yield { uri, offset, manifest, path: named.path };
      }
    }
  }
}

const top: Range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

function locate(request: Request, uri: string, offset: number, manifest: Manifest, path: NamedObject['path']): Location {
  const range = tokenAt(manifest, path);
  if (uri === request.document.uri) {
    return { uri, range: rangeIn(request.document, { offset }, range) };
  }
  return { uri, range: rangeIn(TextDocument.create(uri, 'yaml', 0, request.surroundings.workspace.text(uri)), { offset }, range) };
}

function bounds(manifest: Manifest, path: NamedObject['path']): [number, number] {
  const { start, end } = tokenAt(manifest, path);
  return [start, end];
}

function liveUri({ cluster, options }: Request, { id, name, namespace }: Meant): string | undefined {
  const exists = cluster && (namespace !== undefined || knownKind(id)?.namespaced === false) && cluster.view.get(id, name, namespace);
  return exists ? options.liveUri?.({ context: cluster.id, kind: id, name, ...(namespace === undefined ? {} : { namespace }) }) : undefined;
}
