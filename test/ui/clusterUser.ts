import { readFileSync } from 'node:fs';
import https from 'node:https';
import WebSocket from 'ws';

interface Kubeconfig {
  readonly clusters: readonly { readonly cluster: { readonly server: string; readonly 'certificate-authority-data': string } }[];
  readonly users: readonly { readonly name: string; readonly user: { readonly 'client-certificate-data'?: string; readonly 'client-key-data'?: string } }[];
}

/** Somebody else in an embedded cluster, with a certificate of its kubeconfig and no editor. */
export class ClusterUser {
  readonly #server: string;
  readonly #credentials: { readonly ca: Buffer; readonly cert: Buffer; readonly key: Buffer };

  constructor(kubeconfig: string, name: string) {
    // Its first line is a comment.
    const { clusters, users } = JSON.parse(readFileSync(kubeconfig, 'utf8').replace(/^#.*/, '')) as Kubeconfig;
    const { cluster } = clusters[0] ?? {};
    const user = users.find((one) => one.name === name)?.user;
    const decoded = (text = '') => Buffer.from(text, 'base64');
    this.#server = cluster?.server ?? '';
    this.#credentials = { ca: decoded(cluster?.['certificate-authority-data']), cert: decoded(user?.['client-certificate-data']), key: decoded(user?.['client-key-data']) };
  }

  /** Opens a stream of a machine. */
  stream(namespace: string, machine: string, stream: 'console' | 'vnc'): Promise<WebSocket> {
    const socket = new WebSocket(`${this.#server.replace('https', 'wss')}/apis/subresources.virtualization.deckhouse.io/v1alpha2/namespaces/${namespace}/virtualmachines/${machine}/${stream}`, this.#credentials);
    return new Promise((resolve, reject) => socket.once('open', () => resolve(socket)).once('error', reject));
  }

  /** Gives what the API server answers. @throws Error with its answer when it refuses */
  do<T>(method: string, path: string, body?: object): Promise<T> {
    return new Promise((resolve, reject) => {
      const request = https.request(`${this.#server}${path}`, { method, ...this.#credentials, headers: { 'content-type': 'application/json' } }, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => { text += chunk; }).on('end', () => {
          if ((answer.statusCode ?? 500) < 300) {
            resolve(JSON.parse(text) as T);
          } else {
            reject(new Error(text));
          }
        });
      });
      request.on('error', reject).end(body && JSON.stringify(body));
    });
  }
}
