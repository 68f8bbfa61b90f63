import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { connect } from 'node:tls';
import { endTogether } from '../letGo';
import type { Fault } from './proxy';

/** Passes a WebSocket on to the server. Of the faults it knows those that concern bytes from the server, counted after the handshake, `status` and `delay`. */
export async function passUpgrade(request: IncomingMessage, client: Duplex, head: Buffer, fault: Fault | undefined, target: { readonly url: string; readonly caPem: string }): Promise<void> {
  client.on('error', () => undefined);
  if (fault?.type === 'status') {
    const body = fault.body ?? '';
    const headers = Object.entries({ 'content-type': 'application/json', ...fault.headers, 'content-length': String(Buffer.byteLength(body)), connection: 'close' });
    client.end(`HTTP/1.1 ${fault.code} ${STATUS_CODES[fault.code] ?? ''}\r\n${headers.map(([name, value]) => `${name}: ${value}`).join('\r\n')}\r\n\r\n${body}`);
    return;
  }
  if (fault?.type === 'delay') {
    await fault.until;
  }
  const { hostname, port } = new URL(target.url);
  const server = connect({ host: hostname, port: Number(port), ca: target.caPem, ALPNProtocols: ['http/1.1'] }, () => {
    const { rawHeaders } = request;
    const lines = rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${rawHeaders[index + 1] ?? ''}`] : []));
    server.write(`${request.method ?? 'GET'} ${request.url ?? '/'} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
    server.write(head);
    client.pipe(server);
    if (fault) {
      strike(fault, server, client);
    } else {
      server.pipe(client);
    }
  });
  endTogether(server, client);
}

/** Passes on what the server sends until the fault strikes. */
function strike(fault: Fault, server: Duplex, client: Duplex): void {
  let left = 'afterBytes' in fault ? fault.afterBytes : Number.POSITIVE_INFINITY;
  let hasHead = false;
  server.on('end', () => client.end());
  server.on('data', (bytes: Buffer) => {
    if (fault.type === 'slice') {
      for (let at = 0; at < bytes.length; at += fault.bytes) {
        client.write(bytes.subarray(at, at + fault.bytes));
      }
      return;
    }
    const head = hasHead ? 0 : bytes.indexOf('\r\n\r\n') + 4;
    hasHead = true;
    const passed = Math.min(bytes.length, head + Math.max(0, left));
    client.write(bytes.subarray(0, passed));
    left -= passed - head;
    if (left <= 0 && (fault.type === 'cut' || fault.type === 'halfOpen' || fault.type === 'rubbish')) {
      server.removeAllListeners('data').removeAllListeners('end').resume();
      if (fault.type === 'rubbish') {
        // No frame begins so: reserved bits are set.
        client.write(Buffer.alloc(64, 0xff));
      } else if (fault.type === 'cut') {
        client.end(() => client.destroy());
      } else {
        client.unpipe();
      }
    }
  });
}
