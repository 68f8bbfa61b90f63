import { format } from 'node:util';
import { findBrowser, launchBrowser } from '../../scripts/browser';
import { startWorkbench } from '../../scripts/workbench';

const limitMs = 6 * 60_000;

const args = process.argv.slice(2);
const valueOf = (name: string) => args.find((argument) => argument.startsWith(`--${name}=`))?.slice(name.length + 3);
const folder = args.find((argument) => !argument.startsWith('-'));
const development = valueOf('extensionDevelopmentPath');
const tests = valueOf('extensionTestsPath');
const executable = await findBrowser();
if (!executable || !development || !tests) {
  throw new Error('A browser, --extensionDevelopmentPath and --extensionTestsPath are needed.');
}
const workbench = await startWorkbench({ automation: true });
const browser = await launchBrowser(executable);
try {
  const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
  const page = await context.newPage();
  // The workbench calls these two when the suites write a line and when they end.
  await page.exposeFunction('codeAutomationLog', (_kind: string, values: readonly unknown[]) => process.env.DVP_TEST_VERBOSE && process.stdout.write(`${format(...values)}\n`));
  const exit = new Promise<number>((resolve) => { void page.exposeFunction('codeAutomationExit', (code: number) => { resolve(code); }); });
  const timeout = new Promise<number>((resolve) => { setTimeout(() => { resolve(124); }, limitMs).unref(); });
  await page.goto(workbench.url({ ...(folder ? { folder } : {}), development, tests }));
  process.exitCode = await Promise.race([exit, timeout]);
} finally {
  await browser.close();
  await workbench.stop();
}
