import { after, before, describe } from 'node:test';
import { whyNoRealApi } from '../../cluster/kube/realApi';
import { accessCases } from './cases/access';
import { applyCases } from './cases/applying';
import { discoveryCases } from './cases/discovering';
import { extensionCases } from './cases/extending';
import { listCases } from './cases/listing';
import { patchCases } from './cases/patching';
import { watchCases } from './cases/watching';
import { writeCases } from './cases/writing';
import { openSite, type Site } from './site';

/** The same on our server and on the real one: what ours claims and the real one does not is a bug in ours. */
const suites = [discoveryCases, listCases, watchCases, writeCases, patchCases, applyCases, accessCases, extensionCases];

for (const kind of ['own', 'real'] as const) {
  const skip = kind === 'real' ? (whyNoRealApi() ?? false) : false;
  describe(`Kubernetes API: ${kind}`, { skip }, () => {
    let site: Site | undefined;
    before(async () => { site = await openSite(kind); });
    after(async () => { await site?.stop(); });
    const current = () => {
      if (!site) {
        throw new Error('The API server did not start.');
      }
      return site;
    };
    suites.forEach((suite) => suite(current));
  });
}
