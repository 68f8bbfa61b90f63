// The far end of the port benchmark, in a process of its own: port 19 sends `MIB` MiB of a pattern, port 7 echoes. Ends with its parent.
import { source, startPortServer } from '../contract/client/portServer';

const server = await startPortServer();
server.ports.set('19/tcp', source(Number(process.argv[2]) * 2 ** 20));
server.ports.set('20/tcp', source(2 ** 30));
process.once('disconnect', () => void server.stop().then(() => process.exit()));
const context = await server.context();
process.send?.({ kubeconfig: server.kubeconfig, url: context.server, token: server.token });
