/** What a path is made of. A `ServedKind` is one. */
export interface Resource {
  /** `''` for the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

export interface Target {
  /** Absent: all objects. */
  readonly name?: string | undefined;
  /** Absent: all namespaces. */
  readonly namespace?: string | undefined;
}

/** Fields that are `undefined` are left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

/** The path of an object, or of all objects where it names none. */
export function pathOf(resource: Resource, target: Target = {}, subresource?: string): string {
  const { group, version, plural, namespaced } = resource;
  const parts = group === '' ? ['api', version] : ['apis', group, version];
  if (namespaced && target.namespace) {
    parts.push('namespaces', target.namespace);
  }
  parts.push(plural, ...(target.name ? [target.name] : []), ...(subresource ? subresource.split('/') : []));
  return `/${parts.map(encodeURIComponent).join('/')}`;
}

export function withQuery(path: string, query: Query | undefined): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) {
      parameters.append(name, String(value));
    }
  }
  const text = parameters.toString();
  return text === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${text}`;
}

/** Questions about rights and identity, which are asked by creating what is never stored. */
export function isReview(path: string): boolean {
  return /^\/apis\/(authorization|authentication)\.k8s\.io\/[^/]+\/(namespaces\/[^/]+\/)?(self|local)?subject[a-z]*reviews$/.test(path.split('?')[0] ?? '');
}

export function isDryRun(query: Query | undefined): boolean {
  return query?.['dryRun'] === 'All';
}
