import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { root } from '../../scripts/paths';
import { run } from '../../scripts/processes';
import type { Editor } from '../ui/editor';
import { firstPaint, lastPress } from './cases/migrationPage';

/** The command of the extension that `packEmptyPanel` makes, and the only entry of the list that it shows. */
export const emptyPanel = { title: 'Show an empty panel', entry: 'empty', selector: '#empty' } as const;

const manifest = {
  name: 'empty-panel', publisher: 'bench', version: '0.0.1', engines: { vscode: '^1.100.0' }, main: './extension.js', license: 'Apache-2.0',
  activationEvents: ['onStartupFinished'], contributes: { commands: [{ command: 'bench.emptyPanel', title: emptyPanel.title }] },
};

/** Asks as ours does what to show, and answers as soon as its page says that it is there: the least that a panel takes. */
const code = `
const vscode = require('vscode');
exports.activate = (context) => context.subscriptions.push(vscode.commands.registerCommand('bench.emptyPanel', async () => {
  if (!await vscode.window.showQuickPick(['${emptyPanel.entry}'])) return;
  const { webview } = vscode.window.createWebviewPanel('bench.empty', 'Empty', vscode.ViewColumn.Active, { enableScripts: true });
  webview.onDidReceiveMessage(() => webview.postMessage('empty'));
  webview.html = \`<!DOCTYPE html><meta charset="utf-8"><body><script>
    addEventListener('message', ({ data }) => { const shown = document.createElement('p'); shown.id = data; shown.textContent = data; document.body.append(shown); });
    acquireVsCodeApi().postMessage('ready');
  </script></body>\`;
}));
`;

/** Packs an extension with an empty panel into `folder`, to measure what VS Code itself takes; gives the file. */
export async function packEmptyPanel(folder: string): Promise<string> {
  const source = path.join(folder, 'emptyPanel');
  const file = path.join(folder, 'emptyPanel.vsix');
  await mkdir(source);
  await writeFile(path.join(source, 'package.json'), JSON.stringify(manifest));
  await writeFile(path.join(source, 'extension.js'), code);
  await run(process.execPath, [path.join(root, 'node_modules/@vscode/vsce/vsce'), 'package', '--no-dependencies', '--allow-missing-repository', '--skip-license', '--out', file], { cwd: source });
  return file;
}

/** Opens the panel; milliseconds from the choice until it is painted, where `noteFirstPaint` looks for it. */
export function openEmptyPanel(editor: Editor): Promise<number> {
  return openChosen(editor, emptyPanel.title, emptyPanel.entry);
}

/** Runs a command and chooses from its list; milliseconds from the choice until the panel that it opens has painted what `noteFirstPaint` looks for. */
export async function openChosen(editor: Editor, command: string, entry: string): Promise<number> {
  const { page } = editor;
  await editor.run(command);
  const row = page.locator('.quick-input-list .monaco-list-row', { hasText: entry }).first();
  await row.waitFor();
  await pause(300);
  await row.click();
  const pressedMs = await page.evaluate(lastPress);
  for (const endMs = Date.now() + 30_000; Date.now() < endMs; await pause(50)) {
    for (const frame of page.frames()) {
      const atMs = await frame.evaluate(firstPaint).catch(() => undefined);
      if (atMs !== undefined) {
        return atMs - pressedMs;
      }
    }
  }
  throw new Error('The panel stayed empty.');
}
