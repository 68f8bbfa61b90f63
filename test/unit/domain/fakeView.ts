import { findingsOf, type Noticed } from '../../../src/domain/attentionRules';
import type { ClusterView, ConnectionState, KindState, ServedKind } from '../../../src/domain/clusterView';
import { groupOf, kindId, kinds, knownKind } from '../../../src/domain/kinds/index';
import type { KindId } from '../../../src/domain/kind';
import { keyOf, type KubeObject } from '../../../src/domain/kubeObject';
import { stringAt, valuesAt, valueAt } from '../../../src/domain/values';

export interface FakeViewOptions {
  readonly connection?: ConnectionState;
  /** Kinds that the cluster does not serve. */
  readonly without?: readonly KindId[];
  readonly states?: Readonly<Record<string, KindState>>;
  /** False: discovery has not answered. */
  readonly isDiscovered?: boolean;
  /** Kinds beyond the known ones. */
  readonly further?: readonly ServedKind[];
}

/** A cluster of plain objects: every known kind is listed and live unless `states` says otherwise. Counts how often whole lists are asked for. */
export class FakeView implements ClusterView {
  readonly connection: ConnectionState;
  readonly kinds: readonly ServedKind[] | undefined;
  listsOfAll = 0;
  readonly #states: Readonly<Record<string, KindState>>;
  readonly #objects = new Map<KindId, Map<string, KubeObject>>();
  readonly #lists = new Map<string, readonly KubeObject[]>();
  readonly #noticed = new Map<KindId, readonly Noticed[]>();

  constructor(objects: readonly KubeObject[] = [], { connection = { phase: 'live' }, without = [], states = {}, further = [], isDiscovered = true }: FakeViewOptions = {}) {
    this.connection = connection;
    this.kinds = !isDiscovered ? undefined : [...Object.values(kinds).filter(({ id }) => !without.includes(id)).map((kind) => served(kind)), ...further];
    this.#states = states;
    for (const object of objects) {
      this.set(object);
    }
  }

  set(object: KubeObject): void {
    const id = kindId(groupOf(object.apiVersion), object.kind);
    const known = this.#objects.get(id) ?? new Map<string, KubeObject>();
    known.set(keyOf(object.metadata), object);
    this.#objects.set(id, known);
    this.#lists.clear();
    this.#noticed.clear();
  }

  delete({ apiVersion, kind, metadata }: KubeObject): void {
    this.#objects.get(kindId(groupOf(apiVersion), kind))?.delete(keyOf(metadata));
    this.#lists.clear();
    this.#noticed.clear();
  }

  state(kind: KindId): KindState {
    return this.#states[kind] ?? { phase: 'live' };
  }

  list(kind: KindId, namespace?: string): readonly KubeObject[] | undefined {
    if (!this.#isKnown(kind)) {
      return undefined;
    }
    this.listsOfAll += namespace === undefined ? 1 : 0;
    const key = `${kind} ${namespace ?? '*'}`;
    const list = this.#lists.get(key) ?? [...this.#objects.get(kind)?.values() ?? []].filter(({ metadata }) => namespace === undefined || metadata.namespace === namespace);
    this.#lists.set(key, list);
    return list;
  }

  get(kind: KindId, name: string, namespace?: string): KubeObject | null | undefined {
    return this.#isKnown(kind) ? this.#objects.get(kind)?.get(keyOf({ name, namespace })) ?? null : undefined;
  }

  referring(kind: KindId, to: KindId, name: string, namespace?: string): readonly KubeObject[] | undefined {
    return this.#isKnown(kind) ? [...this.#objects.get(kind)?.values() ?? []].filter((object) => refersTo(object, kind, to, name, namespace)) : undefined;
  }

  noticed(kind: KindId): readonly Noticed[] | undefined {
    if (!this.#isKnown(kind)) {
      return undefined;
    }
    const noticed = this.#noticed.get(kind) ?? [...this.#objects.get(kind)?.values() ?? []].map((object) => ({ object, findings: findingsOf(object, kind) })).filter(({ findings }) => findings.length > 0);
    this.#noticed.set(kind, noticed);
    return noticed;
  }

  #isKnown(kind: KindId): boolean {
    return ['live', 'stale'].includes(this.state(kind).phase);
  }
}

export function served(kind: (typeof kinds)['VirtualMachine']): ServedKind {
  return { ...kind, version: kind.versions[0] ?? 'v1alpha2', verbs: ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'] };
}

function refersTo(object: KubeObject, kind: KindId, to: KindId, name: string, namespace?: string): boolean {
  return (knownKind(kind)?.references ?? []).some((reference) => [...valuesAt(object, reference.path)].some(({ path, value }) => {
    const sibling = (field: string) => stringAt(valueAtPath(object, path.slice(0, -1)), field);
    const target = typeof reference.to === 'string' ? reference.to : sibling(reference.to.field);
    const place = knownKind(to)?.namespaced === false ? undefined : (reference.namespaceField && sibling(reference.namespaceField)) ?? object.metadata.namespace;
    return value === name && target === to && place === namespace;
  }));
}

function valueAtPath(root: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((value, step) => valueAt({ value: Array.isArray(value) ? { [step]: value[Number(step)] as unknown } : value }, `value.${step}`), root);
}
