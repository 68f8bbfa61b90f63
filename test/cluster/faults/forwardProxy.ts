import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { join } from '../letGo';

export interface ForwardProxy {
  /** `http://127.0.0.1:PORT` or `socks5://127.0.0.1:PORT`. */
  readonly url: string;
  /** What was asked for, as `host:port`. */
  readonly targets: readonly string[];
  stop(): Promise<void>;
}

/** A proxy for `CONNECT`; with `refuseWith` it answers every request with that HTTP status; with `to` all names lead there. */
export function startHttpProxy(options: { readonly refuseWith?: number; readonly authorization?: string; readonly to?: string } = {}): Promise<ForwardProxy> {
  return start('http', (socket, note) => {
    socket.once('data', (head) => {
      const text = head.toString('latin1');
      const target = /^CONNECT (\S+) HTTP/.exec(text)?.[1] ?? '';
      note(target);
      const code = options.refuseWith ?? (options.authorization !== undefined && !text.includes(`Proxy-Authorization: ${options.authorization}\r\n`) ? 407 : 200);
      if (code !== 200) {
        socket.end(`HTTP/1.1 ${code} Refused\r\nContent-Length: 0\r\n\r\n`);
        return;
      }
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      passOn(socket, options.to ?? target);
    });
  });
}

/** A SOCKS5 proxy without authentication (RFC 1928); with `refuse` it refuses every connection. */
export function startSocksProxy(options: { readonly refuse?: boolean } = {}): Promise<ForwardProxy> {
  return start('socks5', (socket, note) => {
    socket.once('data', () => {
      socket.write(Buffer.from([5, 0]));
      socket.once('data', (request: Buffer) => {
        const isName = request[3] === 3;
        const host = isName ? request.subarray(5, 5 + (request[4] ?? 0)).toString('latin1') : [...request.subarray(4, 8)].join('.');
        const target = `${host}:${request.readUInt16BE(request.length - 2)}`;
        note(target);
        // 2: not allowed by the rules; 0: granted.
        socket.write(Buffer.from([5, options.refuse ? 2 : 0, 0, 1, 0, 0, 0, 0, 0, 0]));
        if (options.refuse) {
          socket.end();
        } else {
          passOn(socket, target);
        }
      });
    });
  });
}

async function start(scheme: string, serve: (socket: Socket, note: (target: string) => void) => void): Promise<ForwardProxy> {
  const targets: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
    serve(socket, (target) => targets.push(target));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`, targets,
    stop: () => new Promise((resolve) => {
      server.close(() => resolve());
      sockets.forEach((socket) => socket.destroy());
    }),
  };
}

function passOn(socket: Socket, target: string): void {
  const at = target.lastIndexOf(':');
  join(socket, connect(Number(target.slice(at + 1)), target.slice(0, at)));
}
