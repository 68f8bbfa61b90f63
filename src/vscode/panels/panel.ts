import { randomBytes } from 'node:crypto';
import { Uri, type Webview } from 'vscode';
import type { Disposable } from '../../base/disposable';
import type { Down, PanelName, Up } from '../../protocol/panels';

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

/** The page of a panel: its script by nonce, its styles, and nothing from anywhere else. Styles may be inline, because the terminal makes them. */
export function pageOf(name: PanelName, webview: Webview, extensionUri: Uri, title: string): string {
  const nonce = randomBytes(16).toString('base64url');
  const file = (extension: string) => webview.asWebviewUri(Uri.joinPath(webviewRoot(extensionUri), name, `main.${extension}`)).toString();
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${webview.cspSource} 'unsafe-inline'; font-src ${webview.cspSource}; img-src ${webview.cspSource} data:`;
  return `<!DOCTYPE html>
<html>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<link rel="stylesheet" href="${file('css')}">
</head>
<body>
<script type="module" nonce="${nonce}" src="${file('js')}"></script>
</body>
</html>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
