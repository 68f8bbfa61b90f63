import type { KindId, Reference } from '../domain/kind';
import { knownKind } from '../domain/kinds/index';
import type { Path } from '../domain/values';
import { stringAt, valueAt, valuesAt } from '../domain/values';
import type { Identity } from './identity';
import type { JsonObject } from './prune';
import { valueOf } from './values';

/** A field of a manifest that names another object. */
export interface NamedObject {
  /** Of the name. */
  readonly path: Path;
  readonly name: string;
  /** `undefined` where the sibling field that says it is missing or holds no possible kind. */
  readonly id: KindId | undefined;
  /** The kinds that it may be. */
  readonly candidates: readonly KindId[];
  /** `undefined` for kinds without namespaces, and where nobody says. */
  readonly namespace: string | undefined;
  /** The sibling field that holds the kind. */
  readonly kindField: string | undefined;
}

/** Names that no descriptor has: of parts with a kind of their own, and of kinds of others. */
const further: Readonly<Record<string, readonly Reference[]>> = {
  VirtualMachinePool: [
    { path: 'spec.virtualMachineTemplate.spec.virtualMachineClassName', to: 'VirtualMachineClass' },
    { path: 'spec.virtualMachineTemplate.spec.provisioning.userDataRef.name', to: 'Secret' },
    { path: 'spec.virtualMachineTemplate.spec.provisioning.sysprepRef.name', to: 'Secret' },
  ],
  'Ingress.networking.k8s.io': [
    { path: 'spec.rules[].http.paths[].backend.service.name', to: 'Service' },
    { path: 'spec.defaultBackend.service.name', to: 'Service' },
  ],
  ModuleConfig: ['dvcr.storage.persistentVolumeClaim.storageClassName', 'virtualDisks.defaultStorageClassName', 'virtualImages.defaultStorageClassName']
    .map((path) => ({ path: `spec.settings.${path}`, to: 'StorageClass' })),
};

/** The references that people write: those of `status` and the like are the platform's. */
function referencesOf(id: KindId): readonly Reference[] {
  let written = writtenBy.get(id);
  if (!written) {
    const own = (knownKind(id)?.references ?? []).filter(({ path }) => path.startsWith('spec.'));
    written = [...own, ...(further[id] ?? []).filter(({ path }) => !own.some((each) => each.path === path))];
    // Kinds that users make up must not pile up.
    if (written.length > 0) {
      writtenBy.set(id, written);
    }
  }
  return written;
}

const writtenBy = new Map<KindId, readonly Reference[]>();

/** Every object that a manifest names. `namespace` is where the manifest's own object is. */
export function* namedObjects(object: JsonObject, { id }: Identity, namespace: string | undefined): Iterable<NamedObject> {
  for (const reference of referencesOf(id)) {
    for (const { path, value } of valuesAt(object, reference.path)) {
      if (typeof value === 'string' && value !== '') {
        yield resolve(object, reference, path, value, namespace);
      }
    }
  }
}

/** What a reference at a place would name, whether or not there is a name yet. */
export function resolve(object: JsonObject, { to, namespaceField }: Reference, path: Path, name: string, namespace: string | undefined): NamedObject {
  const holder = valueOf(object, path.slice(0, -1));
  const candidates = typeof to === 'string' ? [to] : to.kinds;
  const said = typeof to === 'string' ? to : stringAt(holder, to.field);
  const id = candidates.find((candidate) => candidate === said);
  const own = namespaceField === undefined ? undefined : valueAt(holder, namespaceField);
  const place = typeof own === 'string' && own !== '' ? own : namespace;
  return {
    path, name, id, candidates, kindField: typeof to === 'string' ? undefined : to.field,
    namespace: id !== undefined && knownKind(id)?.namespaced === false ? undefined : place,
  };
}

/** The reference that a path belongs to, with its place in the manifest; `undefined` for any other field. */
export function referenceAt(id: KindId, path: Path): Reference | undefined {
  const dotted = path.map((step) => (typeof step === 'number' ? '[]' : `.${step}`)).join('').replace(/^\./, '');
  return referencesOf(id).find((reference) => reference.path === dotted);
}

/** Kubernetes' own kinds that these manifests may name: known only while somebody has them followed. Secrets are asked for only where a text speaks of them, ranges of Services only beside the module's own. */
export function companionsOf(texts: readonly string[]): readonly KindId[] {
  const speak = (pattern: RegExp) => texts.some((text) => pattern.test(text));
  return texts.length === 0 ? [] : ['Namespace', 'Node', 'StorageClass', 'ModuleConfig', ...(speak(secretFields) ? ['Secret'] : []), ...(speak(moduleSettings) ? ['ServiceCIDR'] : [])];
}

const moduleSettings = /\bkind\b.*\bModuleConfig\b/;

/** Fields that hold a Secret's name, and the kind itself. */
const secretFields = /\b(?:Secret|imagePullSecret|userDataRef|sysprepRef)\b/;
