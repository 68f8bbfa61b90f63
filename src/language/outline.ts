import type { DocumentSymbol, FoldingRange } from 'vscode-languageserver-types';
import { FoldingRangeKind, SymbolKind } from 'vscode-languageserver-types';
import type { KindId } from '../domain/kind';
import { identityOf } from './identity';
import type { Part } from './manifest';
import { tokenAt } from './places';
import { rangeIn } from './positions';
import type { Request } from './service';
import { nodesIn } from './yaml/nodes';

const symbolKinds: Readonly<Record<string, SymbolKind>> = {
  VirtualMachine: SymbolKind.Class, VirtualMachinePool: SymbolKind.Class, VirtualDisk: SymbolKind.Struct, VirtualImage: SymbolKind.File, ClusterVirtualImage: SymbolKind.File,
  VirtualMachineClass: SymbolKind.Interface, VirtualMachineOperation: SymbolKind.Event, Secret: SymbolKind.Key,
} satisfies Partial<Record<KindId, SymbolKind>>;

/** Each manifest of the file by name, with its sections below. */
export function symbolsOf(request: Request): readonly DocumentSymbol[] {
  return request.parts.flatMap((part) => symbolOf(request, part) ?? []);
}

/** Each manifest from its first line to its last, and every field and item in it that has more than one line: where an editor has folds of ours it adds none of its own. */
export function foldingOf({ document, parts }: Request): readonly FoldingRange[] {
  return parts.flatMap((part) => {
    const { manifest } = part;
    const folds = new Map<number, FoldingRange>();
    const add = (start: number, end: number, kind?: FoldingRangeKind) => {
      const range = rangeIn(document, part, { start, end: trimmedEnd(manifest.text, end) });
      const [startLine, endLine] = [range.start.line, range.end.line];
      if (endLine > startLine && !folds.has(startLine)) {
        folds.set(startLine, { startLine, endLine, ...(kind !== undefined && { kind }) });
      }
    };
    const { start, end } = extent(part);
    add(start, end, FoldingRangeKind.Region);
    for (const node of nodesIn(manifest.root)) {
      if (node.node === 'map') {
        node.items.forEach(({ key, value }) => add(key.start, value.end));
      } else if (node.node === 'seq') {
        node.items.forEach(({ start, end }) => add(start, end));
      }
    }
    return [...folds.values()].sort((a, b) => a.startLine - b.startLine);
  });
}

function symbolOf({ document }: Request, part: Part): DocumentSymbol | undefined {
  const { manifest } = part;
  const identity = identityOf(manifest);
  if (!identity) {
    return undefined;
  }
  const { root } = manifest;
  const range = rangeIn(document, part, extent(part));
  const children = root?.node === 'map' ? root.items.flatMap(({ key, value }): DocumentSymbol[] => {
    if (key.node !== 'scalar' || ['apiVersion', 'kind'].includes(key.text)) {
      return [];
    }
    const { start, end } = key;
    return [{
      name: key.text, kind: SymbolKind.Field, range: rangeIn(document, part, { start, end: trimmedEnd(manifest.text, Math.max(end, value.end)) }),
      selectionRange: rangeIn(document, part, { start, end }),
    }];
  }) : [];
  return {
    name: identity.name ?? identity.kind, detail: identity.kind, kind: symbolKinds[identity.id] ?? SymbolKind.Object, range,
    selectionRange: rangeIn(document, part, tokenAt(manifest, identity.name === undefined ? ['kind'] : ['metadata', 'name'])), children,
  };
}

/** From the first line that is neither border nor blank to the last one with something in it. */
function extent({ manifest: { text } }: Part): { start: number; end: number } {
  const start = /^(?:\ufeff?---[^\n]*\n)?\s*/.exec(text)?.[0].length ?? 0;
  return { start, end: Math.max(start, trimmedEnd(text, text.length)) };
}

function trimmedEnd(text: string, end: number): number {
  return text.slice(0, end).trimEnd().length;
}
