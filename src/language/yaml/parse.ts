import type { MapNode, Node, Pair, ScalarNode, SeqNode } from './nodes';
import { nothingAt } from './nodes';
import { Scanner } from './scanner';
import { deepest, YamlError, type Dialect, type Token, type TokenKind } from './tokens';

/** The first document of a text. */
export interface ParsedYaml {
  /** Of a broken text what was read before the mistake; `undefined` where nothing stands. */
  readonly root: Node | undefined;
  readonly error: YamlError | undefined;
}

/** Parses the first document of a text. Never throws. */
export function parseYaml(text: string, dialect: Dialect): ParsedYaml {
  const scanner = new Scanner(text, dialect);
  let broken: unknown;
  try {
    scanner.scan();
  } catch (error) {
    broken = error;
  }
  const parser = new Parser(scanner.tokens, broken);
  try {
    return { root: parser.document(), error: undefined };
  } catch (error) {
    if (error instanceof YamlError) {
      return { root: parser.unfinished(), error };
    }
    throw error;
  }
}

class Parser {
  readonly #tokens: readonly Token[];
  readonly #broken: unknown;
  /** Collections that are being read, the outermost first. */
  readonly #open: (MapNode | SeqNode)[] = [];
  readonly #handles = new Map([['!', '!'], ['!!', 'tag:yaml.org,2002:']]);
  #index = 0;

  /** `broken`: why there are no more tokens. */
  constructor(tokens: readonly Token[], broken: unknown) {
    this.#tokens = tokens;
    this.#broken = broken;
  }

  document(): Node | undefined {
    const isExplicit = this.#directives();
    if (isExplicit) {
      this.#index++;
    }
    const kind = this.#kind();
    const isEmpty = kind === 'streamEnd' || (isExplicit && (kind === 'directive' || kind === 'documentStart' || kind === 'documentEnd'));
    const root = isEmpty ? undefined : this.#node(true, false);
    // What follows is looked at, but need not make sense.
    void this.#token;
    return root;
  }

  /** What was read of a broken document: collections that are still open get what they hold so far. */
  unfinished(): Node | undefined {
    this.#open.forEach((child, depth) => {
      const parent = this.#open[depth - 1];
      if (parent?.node === 'seq') {
        parent.items.push(child);
      } else if (parent?.node === 'map') {
        const last = parent.items.at(-1);
        if (last) {
          last.value = child;
        }
      }
    });
    const innermost = this.#open.at(-1);
    const last = innermost?.node === 'map' ? innermost.items.at(-1) : undefined;
    if (last && last.value === last.key) {
      last.value = nothingAt(last.key.end);
    }
    return this.#open[0];
  }

  get #token(): Token {
    const token = this.#tokens[this.#index];
    if (!token) {
      throw this.#broken;
    }
    return token;
  }

  #kind(): TokenKind {
    return this.#token.kind;
  }

  /** Whether the document begins with `---`. */
  #directives(): boolean {
    let hasVersion = false;
    while (this.#kind() === 'directive') {
      const { text, start } = this.#token;
      const [name, first, second] = text.slice(1).split(/[ \t]+(?!$)/).map((word) => word.trim());
      if (name === 'YAML') {
        if (hasVersion) {
          throw new YamlError('found duplicate %YAML directive', start);
        }
        if (!/^%YAML[ \t]+1\.1[ \t]*(?:#.*)?$/.test(text)) {
          throw new YamlError('found incompatible YAML document', start);
        }
        hasVersion = true;
      } else if (name === 'TAG' && /^!(?:[\w-]*!)?$/.test(first ?? '') && second !== undefined) {
        this.#handles.set(first ?? '', second);
      } else {
        throw new YamlError('found unknown directive name', start);
      }
      this.#index++;
    }
    const { kind, start } = this.#token;
    if (kind !== 'documentStart' && this.#index > 0) {
      throw new YamlError('did not find expected <document start>', start);
    }
    return kind === 'documentStart';
  }

  #node(isBlock: boolean, mayBeIndentless: boolean): Node {
    let kind = this.#kind();
    if (kind === 'alias') {
      const { start, end, text } = this.#take();
      return { node: 'alias', name: text, start, end };
    }
    let anchor: string | undefined;
    let tag: string | undefined;
    let end = this.#token.start;
    while ((kind === 'anchor' && anchor === undefined) || (kind === 'tag' && tag === undefined)) {
      const token = this.#take();
      end = token.end;
      if (kind === 'anchor') {
        anchor = token.text;
      } else {
        tag = this.#tagOf(token);
      }
      kind = this.#kind();
    }
    const node = this.#content(isBlock, mayBeIndentless, anchor !== undefined || tag !== undefined ? end : undefined);
    if (anchor !== undefined) {
      node.anchor = anchor;
    }
    if (tag !== undefined) {
      node.tag = tag;
    }
    return node;
  }

  /** `empty`: where nothing may stand, because an anchor or a tag did. */
  #content(isBlock: boolean, mayBeIndentless: boolean, empty: number | undefined): Node {
    const { kind, start, end, text } = this.#token;
    if (isScalar(kind)) {
      this.#index++;
      return { node: 'scalar', style: kind, text, start, end };
    }
    if (kind === '[' || kind === '{') {
      return kind === '[' ? this.#flowSeq() : this.#flowMap();
    }
    if (isBlock && (kind === 'blockSeq' || kind === 'blockMap')) {
      return kind === 'blockSeq' ? this.#blockSeq(true) : this.#blockMap();
    }
    if (kind === '-' && mayBeIndentless) {
      return this.#blockSeq(false);
    }
    if (empty !== undefined) {
      return nothingAt(empty);
    }
    throw new YamlError('did not find expected node content', start);
  }

  /** `isIndented`: its own indentation ends it; otherwise it stands in the column of the key that holds it. */
  #blockSeq(isIndented: boolean): SeqNode {
    const { start } = isIndented ? this.#take() : this.#token;
    const seq = this.#enter<SeqNode>({ node: 'seq', isFlow: false, items: [], start, end: start });
    while (this.#kind() === '-') {
      const { end } = this.#take();
      const kind = this.#kind();
      const isEmpty = kind === '-' || kind === 'blockEnd' || (!isIndented && (kind === 'key' || kind === 'value'));
      seq.items.push(isEmpty ? nothingAt(end) : this.#node(true, false));
    }
    if (isIndented) {
      this.#expect('blockEnd', "did not find expected '-' indicator");
    }
    return this.#leave(seq, endOf(seq.items.at(-1), start));
  }

  #blockMap(): MapNode {
    const { start } = this.#take();
    const map = this.#enter<MapNode>({ node: 'map', isFlow: false, items: [], start, end: start });
    const isEnd = (kind: TokenKind) => kind === 'key' || kind === 'value' || kind === 'blockEnd';
    while (this.#kind() === 'key') {
      const question = this.#take();
      const key = isEnd(this.#kind()) ? nothingAt(question.end) : this.#node(true, true);
      // Its own key stands for a value that was not read yet.
      const pair: Pair = { key, value: key };
      map.items.push(pair);
      pair.value = this.#kind() !== 'value' ? nothingAt(key.end) : this.#blockValue();
    }
    this.#expect('blockEnd', 'did not find expected key');
    return this.#leave(map, endOf(map.items.at(-1)?.value, start));
  }

  #blockValue(): Node {
    const { end } = this.#take();
    const kind = this.#kind();
    return kind === 'key' || kind === 'value' || kind === 'blockEnd' ? nothingAt(end) : this.#node(true, true);
  }

  #flowSeq(): SeqNode {
    const { start } = this.#take();
    const seq = this.#enter<SeqNode>({ node: 'seq', isFlow: true, items: [], start, end: start });
    while (this.#kind() !== ']') {
      if (seq.items.length > 0) {
        this.#expect(',', "did not find expected ',' or ']'");
      }
      if (this.#kind() === 'key') {
        const { end } = this.#take();
        const pair = this.#flowPair(end, ']');
        seq.items.push({ node: 'map', isFlow: true, items: [pair], start: pair.key.start, end: endOf(pair.value, end) });
      } else if (this.#kind() !== ']') {
        seq.items.push(this.#node(false, false));
      }
    }
    return this.#leave(seq, this.#take().end);
  }

  #flowMap(): MapNode {
    const { start } = this.#take();
    const map = this.#enter<MapNode>({ node: 'map', isFlow: true, items: [], start, end: start });
    while (this.#kind() !== '}') {
      if (map.items.length > 0) {
        this.#expect(',', "did not find expected ',' or '}'");
      }
      if (this.#kind() === 'key') {
        map.items.push(this.#flowPair(this.#take().end, '}'));
      } else if (this.#kind() !== '}') {
        const key = this.#node(false, false);
        map.items.push({ key, value: nothingAt(key.end) });
      }
    }
    return this.#leave(map, this.#take().end);
  }

  #flowPair(at: number, close: ']' | '}'): { readonly key: Node; value: Node } {
    const isEnd = (kind: TokenKind) => kind === ',' || kind === close;
    const kind = this.#kind();
    const key = kind === 'value' || isEnd(kind) ? nothingAt(at) : this.#node(false, false);
    if (this.#kind() !== 'value') {
      return { key, value: nothingAt(key.end) };
    }
    const { end } = this.#take();
    return { key, value: isEnd(this.#kind()) ? nothingAt(end) : this.#node(false, false) };
  }

  #tagOf({ text, start }: Token): string {
    if (text.startsWith('!<')) {
      return decodeURIComponent(text.slice(2, -1));
    }
    const [, handle = '!', suffix = ''] = /^(![\w-]*!(?=.)|!)(.*)$/s.exec(text) ?? [];
    if (suffix === '') {
      return '!';
    }
    const prefix = this.#handles.get(handle);
    if (prefix === undefined) {
      throw new YamlError('found undefined tag handle', start);
    }
    return prefix + decodeURIComponent(suffix);
  }

  #take(): Token {
    const token = this.#token;
    this.#index++;
    return token;
  }

  #expect(kind: TokenKind, message: string): void {
    const { kind: found, start } = this.#token;
    if (found !== kind) {
      throw new YamlError(message, start);
    }
    this.#index++;
  }

  #enter<T extends MapNode | SeqNode>(node: T): T {
    this.#open.push(node);
    if (this.#open.length > deepest) {
      throw new YamlError('exceeded max depth', node.start);
    }
    return node;
  }

  #leave<T extends MapNode | SeqNode>(node: T, end: number): T {
    this.#open.pop();
    node.end = Math.max(end, node.start);
    return node;
  }
}

function isScalar(kind: TokenKind): kind is ScalarNode['style'] {
  return kind === 'plain' || kind === 'single' || kind === 'double' || kind === 'literal' || kind === 'folded';
}

function endOf(node: Node | undefined, otherwise: number): number {
  return node ? node.end : otherwise;
}
