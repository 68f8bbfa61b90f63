import path from 'node:path';
import { t } from '@vscode/l10n';
import { env, Uri, window, workspace, type WebviewPanel } from 'vscode';
import { parseCast } from '../../domain/asciicast';
import type { ConsoleUp, PlayedCast } from '../../protocol/console';
import { consoleUp } from '../../protocol/console';
import { type Report, UserError } from '../report';
import { saveText, terminalOptions } from './consolePanel';
import { defaultFolder } from './consoleRecorder';
import { consoleTexts } from './consoleTexts';
import { link, pageOf, pageOptions } from './panel';

/** All of it goes to the page at once. */
const largestBytes = 64 * 2 ** 20;

/** Lets the user choose a recording; `undefined` when they turn away. */
export async function chooseCast(): Promise<PlayedCast | undefined> {
  const [file] = await window.showOpenDialog({ filters: { [t('Recording')]: ['cast'] }, defaultUri: defaultFolder(), title: t('Play a recording') }) ?? [];
  return file && readCast(file);
}

/** Shows a recording in an editor of its own. */
export function showCast(panel: WebviewPanel, file: Uri, { extensionUri, report }: { readonly extensionUri: Uri; readonly report: Report }): void {
  const name = path.posix.basename(file.path);
  const receive = async (message: ConsoleUp) => {
    if (message.type === 'ready') {
      view.post({ type: 'setup', texts: consoleTexts(name), options: terminalOptions() });
      view.post({ type: 'play', cast: await readCast(file) });
    } else if (message.type === 'save') {
      await saveText(message.text, name.replace(/\.cast$/, ''));
    } else if (message.type === 'open') {
      await env.openExternal(Uri.parse(message.url, true));
    }
  };
  const view = link<'console'>(panel.webview, consoleUp, (message) => void report.run(t('Play a recording'), () => receive(message)));
  panel.onDidDispose(() => view.dispose());
  panel.webview.options = pageOptions(extensionUri);
  panel.webview.html = pageOf('console', panel.webview, extensionUri, name);
}

async function readCast(file: Uri): Promise<PlayedCast> {
  const { size } = await workspace.fs.stat(file);
  if (size > largestBytes) {
    throw new UserError(t('This recording has {0} MiB. At most {1} MiB can be played.', Math.ceil(size / 2 ** 20), largestBytes / 2 ** 20));
  }
  const cast = parseCast(Buffer.from(await workspace.fs.readFile(file)).toString('utf8'));
  if ('problem' in cast) {
    throw new UserError(cast.problem);
  }
  return { ...cast, title: cast.title ?? path.posix.basename(file.path) };
}
