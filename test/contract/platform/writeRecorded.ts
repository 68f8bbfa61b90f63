// Makes `recorded.json` anew: node --import tsx test/contract/platform/writeRecorded.ts [FOLDER]
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { deriveAll, recordings } from './derive';

const text = JSON.stringify(deriveAll(process.argv[2] ?? recordings), undefined, 1).replace(/\n {4,}/g, ' ').replace(/\n {3}\]/g, ' ]');
writeFileSync(path.join(import.meta.dirname, 'recorded.json'), `${text}\n`);
