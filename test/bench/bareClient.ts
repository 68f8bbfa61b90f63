import { Agent, fetch } from 'undici';
import type { BenchCluster } from './cluster';

/** What anyone would write first: `fetch` and `JSON.parse`, nothing kept. The reference of the client's benchmarks. */
export class BareClient {
  readonly #cluster: BenchCluster;
  readonly #agent: Agent;

  constructor(cluster: BenchCluster) {
    this.#cluster = cluster;
    this.#agent = new Agent({ connect: { ca: cluster.caPem } });
  }

  /** All objects of a list, page by page. */
  async list(resourcePath: string): Promise<{ readonly items: readonly unknown[]; readonly resourceVersion: string }> {
    const items: unknown[] = [];
    let next: string | undefined = '';
    let resourceVersion = '';
    while (next !== undefined) {
      const page = JSON.parse(await this.text(`${resourcePath}?limit=500${next === '' ? '' : `&continue=${encodeURIComponent(next)}`}`)) as { items: unknown[]; metadata: { continue?: string; resourceVersion: string } };
      items.push(...page.items);
      resourceVersion = page.metadata.resourceVersion;
      next = page.metadata.continue || undefined;
    }
    return { items, resourceVersion };
  }

  async text(path: string): Promise<string> {
    return await (await this.#open(path)).text();
  }

  /** The first `count` lines of a watch from `resourceVersion`. */
  async watchLines(resourcePath: string, resourceVersion: string, count: number): Promise<readonly string[]> {
    const response = await this.#open(`${resourcePath}?watch=true&resourceVersion=${resourceVersion}`);
    const lines: string[] = [];
    let rest = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      const parts = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n');
      rest = parts.pop() ?? '';
      lines.push(...parts);
      if (lines.length >= count) {
        break;
      }
    }
    return lines.slice(0, count);
  }

  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  #open(path: string) {
    return fetch(new URL(path, this.#cluster.url), { dispatcher: this.#agent, headers: { authorization: `Bearer ${this.#cluster.token}`, accept: 'application/json' } });
  }
}
