import { readFile } from 'node:fs/promises';
import { Uri, type Webview, type WebviewOptions } from 'vscode';
import type { Disposable } from '../../base/disposable';
import type { Down, PanelName, Up } from '../../protocol/panels';
import { type PageBundle, pageText } from './pageText';

/** Types both ends of one webview. `parse` gives `undefined` for messages that are none; they are ignored. */
export function link<P extends PanelName>(webview: Webview, parse: (value: unknown) => Up<P> | undefined, onMessage: (message: Up<P>) => void) {
  const subscription: Disposable = webview.onDidReceiveMessage((value: unknown) => {
    const message = parse(value);
    if (message) {
      onMessage(message);
    }
  });
  return {
    post: (message: Down<P>) => void webview.postMessage(message),
    /** Gives when the editor has handed the message to the page. */
    deliver: (message: Down<P>) => webview.postMessage(message),
    dispose: () => subscription.dispose(),
  };
}

/** Where the bundles of webviews are; nothing else may be loaded by them. */
function webviewRoot(extensionUri: Uri): Uri {
  return Uri.joinPath(extensionUri, 'dist', 'webviews');
}

/** What pages may do. Given when a panel is made, or VS Code would load an empty page first. */
export function pageOptions(extensionUri: Uri): WebviewOptions {
  return { enableScripts: true, localResourceRoots: [webviewRoot(extensionUri)] };
}

/** Style and script of a panel, for a page that is to be there at once: files of their own come tens of milliseconds later. */
export async function bundleOf(name: PanelName, extensionUri: Uri): Promise<PageBundle> {
  let bundle = bundles.get(name);
  if (!bundle) {
    const read = (extension: string) => readFile(Uri.joinPath(webviewRoot(extensionUri), name, `main.${extension}`).fsPath, 'utf8');
    const [script, style] = await Promise.all([read('js'), read('css')]);
    bundle = { script, style };
    bundles.set(name, bundle);
  }
  return bundle;
}

/** Kept for the next panel of the kind. */
const bundles = new Map<PanelName, PageBundle>();

/** The page of a panel, with its bundle in it where that is given; what is posted right after such a page was set is there when the page is. */
export function pageOf(name: PanelName, webview: Webview, extensionUri: Uri, title: string, inline?: PageBundle): string {
  const folder = `${webview.asWebviewUri(Uri.joinPath(webviewRoot(extensionUri), name)).toString()}/`;
  return pageText({ script: `${folder}main.js`, style: `${folder}main.css`, folder, source: webview.cspSource, title, ...(inline && { inline }) });
}
