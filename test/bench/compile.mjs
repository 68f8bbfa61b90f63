// Compiles TypeScript as the bundle does. `tsx` keeps the names of inner functions with a call each time one is made,
// which nobody pays for in what is shipped.
import { existsSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { transformSync } from 'esbuild';

const endings = ['.ts', '/index.ts'];

registerHooks({
  resolve(specifier, context, next) {
    if (specifier.startsWith('.') && context.parentURL?.endsWith('.ts')) {
      const file = fileURLToPath(new URL(specifier, context.parentURL));
      const found = endings.map((ending) => file + ending).find(existsSync);
      if (found) {
        return { url: pathToFileURL(found).href, shortCircuit: true };
      }
    }
    return next(specifier, context);
  },
  load(url, context, next) {
    if (!url.endsWith('.ts')) {
      return next(url, context);
    }
    const { code } = transformSync(readFileSync(fileURLToPath(url), 'utf8'), { loader: 'ts', format: 'esm', target: 'node24', sourcefile: url, sourcemap: 'inline' });
    return { format: 'module', source: code, shortCircuit: true };
  },
});
