/** What a YAML text consists of, as the parser wants it: indentation has become beginnings and ends. */
export type TokenKind =
  | 'documentStart' | 'documentEnd' | 'directive' | 'streamEnd'
  | 'blockMap' | 'blockSeq' | 'blockEnd' | '[' | ']' | '{' | '}' | ',' | '-' | 'key' | 'value'
  | 'alias' | 'anchor' | 'tag' | 'plain' | 'single' | 'double' | 'literal' | 'folded';

export interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
  /** Of scalars their text; of aliases, anchors and tags their name; of directives the line. */
  readonly text: string;
}

/** A text is no YAML. */
export class YamlError extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** Collections within collections; no kind has fields that deep, and a parser that calls itself must stop somewhere. */
export const deepest = 500;

/** YAML as libraries of the libyaml family read it; they differ in a few details. */
export interface Dialect {
  /** Whether `\/` in double quotes is an escape, as in JSON. */
  readonly hasSlashEscape: boolean;
  /** Whether `\'` in double quotes is an escape. */
  readonly hasQuoteEscape: boolean;
  /** Whether `?` ends a plain text between brackets. */
  readonly questionEndsPlain: boolean;
}

/** `go.yaml.in/yaml/v2`, behind `sigs.k8s.io/yaml`. */
export const goDialect: Dialect = { hasSlashEscape: false, hasQuoteEscape: true, questionEndsPlain: true };
