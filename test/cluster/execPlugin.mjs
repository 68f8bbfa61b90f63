// A credential plugin for kubeconfigs: prints the token in the file that its argument names.
import { readFileSync } from 'node:fs';

const token = readFileSync(process.argv[2] ?? '', 'utf8').trim();
console.log(JSON.stringify({ apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status: { token } }));
