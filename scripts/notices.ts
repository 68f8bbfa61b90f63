import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { root } from './paths';

/** The licence texts of the packages in these folders as one Markdown document. Throws when a package has no licence file and names none. */
export async function notices(folders: readonly string[]): Promise<string> {
  const parts = await Promise.all(folders.map(notice));
  return `# Third-party notices\n\nThis extension contains code of the packages below, each under its own licence.\n\n${parts.join('\n')}`;
}

async function notice(folder: string): Promise<string> {
  const absolute = path.join(root, folder);
  const manifest = JSON.parse(await readFile(path.join(absolute, 'package.json'), 'utf8')) as { name: string; version: string; license?: string; homepage?: string; repository?: string | { url: string } };
  const file = (await readdir(absolute)).find((name) => /^(licen[cs]e|copying)/i.test(name));
  if (!file && !manifest.license) {
    throw new Error(`The package in ${folder} names no licence, so it cannot be shipped.`);
  }
  const repository = typeof manifest.repository === 'object' ? manifest.repository.url : manifest.repository;
  const text = file ? (await readFile(path.join(absolute, file), 'utf8')).trim() : `The package ships no licence text; it declares ${manifest.license ?? ''}.`;
  return [
    `## ${manifest.name} ${manifest.version}`, '',
    `Licence: ${manifest.license ?? 'see below'}. Source: ${manifest.homepage ?? repository ?? `https://www.npmjs.com/package/${manifest.name}`}`, '',
    '```text', text.replaceAll('```', "'''"), '```', '',
  ].join('\n');
}
