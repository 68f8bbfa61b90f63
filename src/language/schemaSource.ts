import { kinds, knownKind } from '../domain/kinds/index';
import { platformGroup } from '../domain/kind';
import type { ModuleGeneration } from './rule';
import type { KindSchema } from './structural';

/** Where the language service learns what a kind looks like: what is bundled, or a cluster's own OpenAPI. */
export interface SchemaSource {
  /** Whose admission rules go with these schemas. */
  readonly module: ModuleGeneration;
  /** `undefined` for a kind that this source does not know. The same object every time. */
  kind(group: string, name: string): KindSchema | undefined;
  /** Every kind of the platform that it knows, in the order of `domain/kinds`. */
  platformKinds(): readonly KindSchema[];
  /** JSON Schema of `#cloud-config`; see `schemas/README.md`. */
  cloudInit(): object;
  /** Whether the connected cluster itself describes the kinds of a group. */
  isOfCluster?(group: string): boolean;
}

/** Kinds of others that are described in `schemas/companions/`, by `group/kind`. */
const companionFiles: Readonly<Record<string, string>> = {
  '/Secret': 'secrets', '/Service': 'services', 'networking.k8s.io/Ingress': 'ingresses', 'storage.k8s.io/StorageClass': 'storageclasses',
  'deckhouse.io/ModuleConfig': 'moduleconfigs',
};

/** The schemas that the product ships. `read` gives the text of a file below `schemas/`, `undefined` where there is none; each file is read once, when it is first asked for. */
export function bundledSchemas(module: ModuleGeneration, read: (file: string) => string | undefined): SchemaSource {
  const known = new Map<string, KindSchema | undefined>();
  let cloudInit: object | undefined;
  const load = (file: string): KindSchema | undefined => {
    if (!known.has(file)) {
      const text = read(file);
      known.set(file, text === undefined ? undefined : JSON.parse(text) as KindSchema);
    }
    return known.get(file);
  };
  const kind = (group: string, name: string) => {
    const plural = group === platformGroup ? knownKind(name)?.plural : undefined;
    const companion = companionFiles[`${group}/${name}`];
    return plural ? load(`${module}/${plural}.json`) : companion ? load(`companions/${companion}.json`) : undefined;
  };
  return {
    module,
    kind,
    platformKinds: () => Object.keys(kinds).flatMap((name) => kind(platformGroup, name) ?? []),
    cloudInit: () => (cloudInit ??= JSON.parse(read('cloud-init.json') ?? '{}') as object),
  };
}
