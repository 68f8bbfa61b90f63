import path from 'node:path';
import { build } from 'esbuild';
import { root } from './paths';

/** One file that needs nothing but the editor's own Node. */
const tunnelFile = path.join(root, 'dist/dvp-tunnel.cjs');

/** Bundles the program through which ssh reaches machines. */
export async function buildTunnel(outfile = tunnelFile): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: ['src/cli/tunnel/main.ts'],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    legalComments: 'none',
    charset: 'utf8',
    logLevel: 'warning',
    define: { 'import.meta.dirname': '__dirname' },
  });
}
