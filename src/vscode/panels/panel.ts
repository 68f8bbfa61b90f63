import { Uri, type Webview } from 'vscode';
import type { Disposable } from '../../base/disposable';
import type { Down, PanelName, Up } from '../../protocol/panels';
import { pageText } from './pageText';

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
    dispose: () => subscription.dispose(),
  };
}

/** Where the bundles of webviews are; nothing else may be loaded by them. */
export function webviewRoot(extensionUri: Uri): Uri {
  return Uri.joinPath(extensionUri, 'dist', 'webviews');
}

/** The page of a panel. */
export function pageOf(name: PanelName, webview: Webview, extensionUri: Uri, title: string): string {
  const file = (extension: string) => webview.asWebviewUri(Uri.joinPath(webviewRoot(extensionUri), name, `main.${extension}`)).toString();
  return pageText({ script: file('js'), style: file('css'), source: webview.cspSource, title });
}
