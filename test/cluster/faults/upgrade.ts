import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { connect } from 'node:tls';
import type { Fault } from './proxy';

/** Passes a WebSocket on to the server. Of the faults it knows `status`, and `slice` for what comes from the server. */
export function passUpgrade(request: IncomingMessage, client: Duplex, head: Buffer, fault: Fault | undefined, target: { readonly url: string; readonly caPem: string }): void {
  client.on('error', () => undefined);
  if (fault?.type === 'status') {
    const body = fault.body ?? '';
    const headers = Object.entries({ 'content-type': 'application/json', ...fault.headers, 'content-length': String(Buffer.byteLength(body)), connection: 'close' });
    client.end(`HTTP/1.1 ${fault.code} ${STATUS_CODES[fault.code] ?? ''}\r\n${headers.map(([name, value]) => `${name}: ${value}`).join('\r\n')}\r\n\r\n${body}`);
    return;
  }
  const { hostname, port } = new URL(target.url);
  const server = connect({ host: hostname, port: Number(port), ca: target.caPem, ALPNProtocols: ['http/1.1'] }, () => {
    const { rawHeaders } = request;
    const lines = rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${rawHeaders[index + 1] ?? ''}`] : []));
    server.write(`${request.method ?? 'GET'} ${request.url ?? '/'} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
    server.write(head);
    client.pipe(server);
    if (fault?.type === 'slice') {
      server.on('data', (bytes: Buffer) => {
        for (let at = 0; at < bytes.length; at += fault.bytes) {
          client.write(bytes.subarray(at, at + fault.bytes));
        }
      });
    } else {
      server.pipe(client);
    }
  });
  server.on('error', () => client.destroy()).on('close', () => client.destroy());
  client.on('close', () => server.destroy());
}
