import type { Page } from 'playwright-core';

/** What is used of Playwright's own objects, as they are in 1.65. */
interface Insides {
  readonly _connection: { toImpl(page: Page): { readonly delegate: { readonly _networkManager: { readonly _sessions: ReadonlyMap<{ send(method: 'Network.disable'): Promise<unknown> }, unknown> } } } };
}

/**
 * Lets Playwright hear no more of what a page says to servers. The browser writes every message of a WebSocket out for it as text once more, and
 * three processes pass it on: work that nobody has who is not tested. There is no setting for it. Throws where Playwright is made differently.
 */
export async function makeDeaf(page: Page): Promise<void> {
  const { _networkManager: network } = (page as unknown as Insides)._connection.toImpl(page).delegate;
  await Promise.all([...network._sessions.keys()].map((session) => session.send('Network.disable')));
}
