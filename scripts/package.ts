import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from './build';
import { notices } from './notices';
import { isStartedDirectly, root, vsixFile } from './paths';
import { run } from './processes';

/** Builds and packages the extension into `dist/deckhouse-virtualization.vsix`, with the licences of everything bundled. */
export async function packageExtension(): Promise<{ readonly bytes: number; readonly activationBytes: number }> {
  const { activationBytes, packages } = await build({ minify: true });
  await writeFile(path.join(root, 'THIRD_PARTY_NOTICES.md'), await notices(packages));
  await rm(vsixFile, { force: true });
  // As a program, because its function lists every file on standard output.
  await run(process.execPath, [path.join(root, 'node_modules/@vscode/vsce/vsce'), 'package', '--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links', '--out', vsixFile], { cwd: root });
  return { bytes: (await stat(vsixFile)).size, activationBytes };
}

if (isStartedDirectly(import.meta.filename)) {
  const { bytes, activationBytes } = await packageExtension();
  const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as { version: string };
  console.log(`Packaged version ${version} into ${path.relative(root, vsixFile)}, ${Math.ceil(bytes / 1000)} KB; activation loads ${Math.ceil(activationBytes / 1000)} KB.`);
}
