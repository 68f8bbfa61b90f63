import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * What of a kubeconfig may be in no message to a panel and in no log: tokens, also those that programs print, keys, encoded data, and as a
 * sign of its text the comment in it. Empty where there is no such file.
 */
export async function secretsOf(kubeconfig: string | undefined): Promise<readonly string[]> {
  const text = await read(kubeconfig ?? '');
  const found = [...text.matchAll(/"(?:token|password|client-key-data|id-token|refresh-token)":\s*"([^"]+)"/g)].map(([, value = '']) => value);
  const encoded = [...text.matchAll(/"[a-z-]+-data":\s*"([^"]+)"/g)].map(([, value = '']) => value);
  const comments = [...text.matchAll(/^#\s*(.+)$/gm)].map(([, value = '']) => value);
  const printed = await Promise.all([...text.matchAll(/"([^"]*token[^"]*)"/gi)].map(([, file = '']) => read(path.isAbsolute(file) ? file : '')));
  const keys = found.map((value) => Buffer.from(value, 'base64').toString('latin1')).filter((key) => key.includes('PRIVATE KEY')).flatMap((key) => key.split('\n').slice(1, 2));
  return [...new Set([...found, ...printed, ...keys, ...encoded, ...comments])].map((value) => value.trim()).filter(({ length }) => length > 15);
}

/** The files below `folder` that hold one of the secrets. */
export async function filesWith(folder: string, secrets: readonly string[]): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const found = await Promise.all(names.map(async (name) => {
    const text = await read(path.join(folder, name));
    return secrets.some((secret) => text.includes(secret)) ? [name] : [];
  }));
  return found.flat();
}

/** For every frame of a workbench, as text, before anything runs there: calls `leaked` when one of the secrets is in a message that crosses the border of a panel. */
export function watchMessages(secrets: readonly string[]): void {
  const world = globalThis as unknown as { readonly MessagePort: { readonly prototype: { postMessage: (this: unknown, message: unknown, ...rest: unknown[]) => void } }; readonly leaked?: (channel: string) => void };
  const { postMessage } = world.MessagePort.prototype;
  const decoder = new TextDecoder('latin1');
  const longest = 100_000;
  const textOf = (value: unknown): string => JSON.stringify(value, (_, inner: unknown) => (inner instanceof ArrayBuffer ? decoder.decode(inner.slice(0, longest)) : inner)) ?? '';
  world.MessagePort.prototype.postMessage = function post(this: unknown, message: unknown, ...rest: unknown[]) {
    const { channel } = (message ?? {}) as { readonly channel?: unknown };
    if (typeof channel === 'string') {
      const text = textOf(message);
      if (secrets.some((secret) => text.includes(secret))) {
        world.leaked?.(channel);
      }
    }
    postMessage.call(this, message, ...rest);
  };
}

async function read(file: string): Promise<string> {
  return file === '' ? '' : readFile(file, 'latin1').catch(() => '');
}
