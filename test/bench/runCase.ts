// Runs the case that the first argument names and writes its measurements to the file that the second names.
import { writeFile } from 'node:fs/promises';
import { cases } from './cases';

const [name, file = ''] = process.argv.slice(2);
const found = cases.find((one) => one.name === name);
if (!found) {
  throw new Error(`There is no benchmark "${name}".`);
}
await writeFile(file, JSON.stringify(await found.run()));

