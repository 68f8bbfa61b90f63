/** What a program or library for 64-bit little-endian machines asks for: the names of libraries, and the path of its loader. */
export function needsOf(file: Buffer): { readonly libraries: readonly string[]; readonly loader?: string } {
  if (file.readUInt32BE(0) !== 0x7f454c46 || file[4] !== 2 || file[5] !== 1) {
    return { libraries: [] };
  }
  const start = Number(file.readBigUInt64LE(0x20));
  const size = file.readUInt16LE(0x36);
  const segments = Array.from({ length: file.readUInt16LE(0x38) }, (_, index) => segmentAt(file, start + index * size));
  const interpreter = segments.find(({ type }) => type === 3);
  const dynamic = segments.find(({ type }) => type === 2);
  const entries = dynamic ? pairs(file, dynamic) : [];
  const strings = offsetOf(entries.find(([tag]) => tag === 5)?.[1] ?? 0, segments);
  return {
    libraries: entries.filter(([tag]) => tag === 1).map(([, at]) => textAt(file, strings + at)),
    ...(interpreter ? { loader: textAt(file, interpreter.offset) } : {}),
  };
}

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly size: number;
}

function segmentAt(file: Buffer, at: number): Segment {
  const field = (offset: number) => Number(file.readBigUInt64LE(at + offset));
  return { type: file.readUInt32LE(at), offset: field(8), address: field(16), size: field(32) };
}

function pairs(file: Buffer, { offset, size }: Segment): readonly (readonly [number, number])[] {
  return Array.from({ length: size / 16 }, (_, index) => [Number(file.readBigInt64LE(offset + index * 16)), Number(file.readBigUInt64LE(offset + index * 16 + 8))] as const);
}

/** Where an address of the running program lies in its file. */
function offsetOf(address: number, segments: readonly Segment[]): number {
  const segment = segments.find((each) => each.type === 1 && address >= each.address && address < each.address + each.size);
  return segment ? address - segment.address + segment.offset : address;
}

function textAt(file: Buffer, at: number): string {
  return file.toString('latin1', at, file.indexOf(0, at));
}
