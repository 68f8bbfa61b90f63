import { readFileSync } from 'node:fs';
import path from 'node:path';
import standaloneCode from 'ajv/dist/standalone/index.js';
import type { Plugin } from 'esbuild';
import { cloudConfigAjv, moduleAddress } from '../src/language/cloudInit/moduleValidators';
import type { JsonSchema } from '../src/language/cloudInit/schema';
import { root } from './paths';

/** Puts ready-made code in the place of `cloudInit/moduleValidators.ts`: compiling the schema takes longer than everything else about a first manifest. */
export const readyValidators: Plugin = {
  name: 'ready validators',
  setup: (build) => build.onLoad({ filter: /[\\/]cloudInit[\\/]moduleValidators\.ts$/ }, () => ({ contents: code(), loader: 'js', resolveDir: root })),
};

/** An ES module that exports `moduleValidators` for `schemas/cloud-init.json`, and makes no code when it runs. */
function code(): string {
  const schema = JSON.parse(readFileSync(path.join(root, 'schemas/cloud-init.json'), 'utf8')) as JsonSchema;
  const refs = (schema.allOf ?? []).flatMap(({ $ref }) => $ref ?? []);
  const functions = standaloneCode(cloudConfigAjv(schema, { source: true, esm: true }), Object.fromEntries(refs.map((ref, index) => [`module${index}`, moduleAddress(ref)])));
  return `${functions}
const modules = new Map([${refs.map((ref, index) => `[${JSON.stringify(ref)}, module${index}]`).join(', ')}]);
export const moduleValidators = () => (ref) => modules.get(ref);
`;
}
