// Panels in a process of their own, as VS Code on a desktop and in the cloud has them: there each has an origin that is none of the workbench's.
// The workbench of a server without a domain puts them into its own page, whose only thread then does the work of both.

/** A name that leads to this machine, and below it others of the same site: a stranger's frame would get no service worker. */
const host = 'dvp.localhost';

export const apart = { host, args: [`--isolate-origins=http://[*.]${host}`] } as const;

interface Element { getAttribute: (this: Element, name: string) => string | null; readonly id: string }

/** For the page of the workbench, before anything runs there: tells it of another place for its panels. Sent as text. */
export function keepApart(host: string): void {
  const { Element, location, top } = globalThis as unknown as { readonly Element: { readonly prototype: Element }; readonly location: { readonly href: string; readonly hostname: string }; readonly top: unknown };
  if (top !== globalThis || location.hostname !== host) {
    return;
  }
  const { getAttribute } = Element.prototype;
  Element.prototype.getAttribute = function read(name) {
    const value = getAttribute.call(this, name);
    if (this.id !== 'vscode-workbench-web-configuration' || name !== 'data-settings' || value === null) {
      return value;
    }
    const settings = JSON.parse(value) as { webviewEndpoint: string };
    const { protocol, port, pathname } = new URL(settings.webviewEndpoint, location.href);
    return JSON.stringify({ ...settings, webviewEndpoint: `${protocol}//{{uuid}}.${host}:${port}${pathname}` });
  };
}
