import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Clock } from '../../../src/base/timing';
import { adminClient } from '../../cluster/adminClient';
import { startApi } from '../../cluster/api/server';

/** Time that passes by itself: waiting jumps to the next moment that something waits for. */
class QuickClock implements Clock {
  #nowMs = Date.parse('2026-01-01T00:00:00Z');
  #waiting: { atMs: number; run: () => void }[] = [];

  get waiting(): number {
    return this.#waiting.length;
  }

  now(): number {
    return this.#nowMs;
  }

  after(delayMs: number, run: () => void) {
    const entry = { atMs: this.#nowMs + delayMs, run };
    this.#waiting.push(entry);
    return { dispose: () => { this.#waiting = this.#waiting.filter((other) => other !== entry); } };
  }

  pass(ms: number): void {
    const endMs = this.#nowMs + ms;
    for (;;) {
      const [next] = this.#waiting.filter(({ atMs }) => atMs <= endMs).sort((left, right) => left.atMs - right.atMs);
      if (!next) {
        this.#nowMs = endMs;
        return;
      }
      this.#waiting = this.#waiting.filter((other) => other !== next);
      this.#nowMs = next.atMs;
      next.run();
    }
  }
}

test('an idle watch gets a bookmark every minute and one before its end, where asked for', async () => {
  const clock = new QuickClock();
  const api = await startApi({ users: [{ name: 'a', groups: ['system:masters'], token: 'a' }], clock });
  const client = adminClient({ url: api.url, caPem: api.caPem, token: 'a' });
  try {
    const listed = await client.do('GET', '/api/v1/namespaces?limit=1');
    const { continue: next } = listed['metadata'] as { continue: string };
    const watches = ['true', 'false'].map((bookmarks) => client.ask('GET', `/api/v1/namespaces?watch=1&resourceVersion=${api.storage.revision}&allowWatchBookmarks=${bookmarks}&timeoutSeconds=290`));
    // The one waits for three moments (next bookmark, last bookmark, end), the other for its end.
    while (clock.waiting < 4) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    clock.pass(5 * 60_000);
    const [withBookmarks, without] = await Promise.all(watches);
    const types = withBookmarks!.text.trim().split('\n').map((line) => (JSON.parse(line) as { type: string }).type);
    assert.deepEqual(types, Array.from({ length: 5 }, () => 'BOOKMARK'));
    assert.equal(without!.text, '');
    assert.equal((await client.ask('GET', `/api/v1/namespaces?limit=1&continue=${next}`)).code, 410, 'a list cannot be continued after five minutes');
  } finally {
    client.close();
    await api.stop();
  }
});
