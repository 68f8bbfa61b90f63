import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';

/**
 * Runs a program on the terminal that this one has: `--keep CODES --say TEXT -- FILE ARGS…`. When it ends with one of these codes, or
 * with any but 0 where none are named, TEXT is shown and a key is waited for. Its exit code.
 */
export async function runProgram(argv: readonly string[]): Promise<number> {
  const { values, positionals: [file = '', ...args] } = parseArgs({ args: [...argv], allowPositionals: true, options: { keep: { type: 'string' }, say: { type: 'string' } } });
  // Ctrl+C belongs to the program, which shares the terminal.
  process.on('SIGINT', () => undefined);
  const code = await new Promise<number>((resolve) => {
    const child = spawn(file, args, { stdio: 'inherit', shell: false });
    child.once('error', (error) => {
      process.stderr.write(`${file}: ${error.message}\n`);
      resolve(127);
    });
    child.once('exit', (exitCode) => resolve(exitCode ?? 1));
  });
  const isKept = values.keep === undefined ? code !== 0 : code === 127 || values.keep.split(',').includes(String(code));
  if (isKept && process.stdin.isTTY) {
    process.stdout.write(`\r\n${values.say ?? ''}\r\n`);
    process.stdin.setRawMode(true);
    await new Promise((resolve) => process.stdin.once('data', resolve).once('end', resolve));
  }
  return code;
}
