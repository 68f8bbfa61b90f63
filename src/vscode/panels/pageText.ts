import { randomBytes } from 'node:crypto';

export interface PageParts {
  /** URLs of the bundle. */
  readonly script: string;
  readonly style: string;
  /** URL of the folder that these and the further bundles of the page are in; ends with `/`. */
  readonly folder: string;
  /** Where files of the extension come from, as a policy names it. */
  readonly source: string;
  readonly title: string;
  /** The bundle itself, to be there with the page. */
  readonly inline?: PageBundle;
}

export interface PageBundle {
  readonly script: string;
  readonly style: string;
}

/** A page with its script by nonce, its styles, and nothing from anywhere else. Styles may be inline, because the terminal makes them; pictures may be `data:`, because a screen's pointer is one. */
export function pageText({ script, style, folder, source, title, inline }: PageParts): string {
  const nonce = randomBytes(16).toString('base64url');
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${source} 'unsafe-inline'; font-src ${source}; img-src ${source} data:`;
  return `<!DOCTYPE html>
<html data-folder="${escaped(folder)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
${inline ? `<style>${inline.style}</style>` : `<link rel="stylesheet" href="${escaped(style)}">`}
</head>
<body>
${inline ? `<script type="module" nonce="${nonce}">${asElement(inline.script)}</script>` : `<script type="module" nonce="${nonce}" src="${escaped(script)}"></script>`}
</body>
</html>`;
}

/** What would begin a comment in a page stands in strings only. The compiler escapes what would end the element. */
function asElement(script: string): string {
  return script.replaceAll('<!--', '\\x3c!--');
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
