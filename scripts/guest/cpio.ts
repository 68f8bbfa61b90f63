/** One entry of an archive; its path is relative, its parents come before it. */
export type Entry =
  | { readonly type: 'folder'; readonly path: string }
  | { readonly type: 'file'; readonly path: string; readonly data: Uint8Array | string; readonly isExecutable?: boolean }
  | { readonly type: 'link'; readonly path: string; readonly to: string }
  | { readonly type: 'device'; readonly path: string; readonly major: number; readonly minor: number };

/** An archive in the "newc" format, which Linux unpacks as its first file system. Everything belongs to root. */
export function cpio(entries: readonly Entry[]): Buffer {
  const parts = entries.flatMap((entry, index) => record(index + 1, entry.path, modeOf(entry), dataOf(entry), entry.type === 'device' ? [entry.major, entry.minor] : [0, 0]));
  return Buffer.concat([...parts, ...record(0, 'TRAILER!!!', 0, Buffer.alloc(0), [0, 0])]);
}

/** The folders above `path`, outermost first. */
export function parentsOf(path: string): readonly string[] {
  const names = path.split('/').slice(0, -1);
  return names.map((_, index) => names.slice(0, index + 1).join('/'));
}

function modeOf(entry: Entry): number {
  switch (entry.type) {
    case 'folder':
      return 0o040755;
    case 'file':
      return 0o100000 | (entry.isExecutable ? 0o755 : 0o600);
    case 'link':
      return 0o120777;
    case 'device':
      return 0o020600;
  }
}

function dataOf(entry: Entry): Buffer {
  return Buffer.from(entry.type === 'file' ? entry.data : entry.type === 'link' ? entry.to : '');
}

function record(inode: number, path: string, mode: number, data: Buffer, [major = 0, minor = 0]: readonly number[]): Buffer[] {
  const name = Buffer.from(`${path}\0`);
  const links = mode >> 12 === 4 ? 2 : 1;
  const fields = [inode, mode, 0, 0, links, 0, data.length, 0, 0, major, minor, name.length, 0];
  const head = Buffer.from(`070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}`);
  return [head, name, padding(head.length + name.length), data, padding(data.length)];
}

function padding(length: number): Buffer {
  return Buffer.alloc((4 - (length % 4)) % 4);
}
