import type { TLSSocket } from 'node:tls';
import type { IncomingMessage } from 'node:http';
import { objectOr, objectsOf, stringsOf, type ApiObject, type JsonObject, textOf } from './model';
import { decode, derived, type Storage } from './storage';

/** Who asks. */
export interface User { readonly name: string; readonly groups: readonly string[] }

/** A user with a bearer token. Others come with client certificates: common name and organizations. */
export interface TokenUser extends User { readonly token: string }

/** Finds out who asks; `undefined` when the credentials are wrong, `system:anonymous` when there are none. */
export function authenticate(request: IncomingMessage, users: readonly TokenUser[]): User | undefined {
  const header = request.headers.authorization;
  if (header !== undefined) {
    const token = /^Bearer\s+(\S+)$/i.exec(header)?.[1];
    const user = users.find((candidate) => candidate.token === token);
    return user ? { name: user.name, groups: [...user.groups, 'system:authenticated'] } : undefined;
  }
  const socket = request.socket as TLSSocket;
  const subject = socket.getPeerCertificate?.()?.subject as JsonObject | undefined;
  if (subject && Object.keys(subject).length > 0) {
    const organizations = typeof subject['O'] === 'string' ? [subject['O']] : stringsOf(subject['O']);
    return socket.authorized ? { name: textOf(subject['CN']), groups: [...organizations, 'system:authenticated'] } : undefined;
  }
  return { name: 'system:anonymous', groups: ['system:unauthenticated'] };
}

/** What somebody wants to do. `path` for what is no resource, else the rest. */
export interface Attempt {
  readonly verb: string;
  readonly path?: string;
  readonly group?: string;
  readonly resource?: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
}

export interface Rule {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames: readonly string[];
  readonly nonResourceURLs: readonly string[];
}

const rbac = 'rbac.authorization.k8s.io';
const keys = { roles: `${rbac}/roles`, roleBindings: `${rbac}/rolebindings`, clusterRoles: `${rbac}/clusterroles`, clusterRoleBindings: `${rbac}/clusterrolebindings` };

/** Rights by the stored RBAC objects. Members of `system:masters` may do everything. */
export class Access {
  readonly #bindings: () => readonly Binding[];

  constructor(storage: Storage) {
    this.#bindings = derived(storage, Object.values(keys), () => {
      const objects = (key: string) => storage.snapshot(key).items.map(decode);
      const rules = new Map([...objects(keys.roles), ...objects(keys.clusterRoles)].map((role) => [roleKey(role.kind, role.metadata.namespace, role.metadata.name), rulesOf(role)]));
      return [...objects(keys.clusterRoleBindings), ...objects(keys.roleBindings)].map((binding) => bindingOf(binding, rules));
    });
  }

  isAllowed(user: User, attempt: Attempt): boolean {
    return user.groups.includes('system:masters') || this.rules(user, attempt.namespace ?? '').some((rule) => covers(rule, attempt));
  }

  /** The rules that hold for a user in a namespace, those for the whole cluster included. */
  rules(user: User, namespace: string): readonly Rule[] {
    const bound = this.#bindings().filter((binding) => (binding.namespace === '' || binding.namespace === namespace) && binding.includes(user));
    const own = bound.flatMap((binding) => binding.rules);
    return user.groups.includes('system:masters') ? [everything, everyPath, ...own] : own;
  }
}

interface Binding { readonly namespace: string; readonly rules: readonly Rule[]; readonly includes: (user: User) => boolean }

const none: Rule = { verbs: [], apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: [] };
const everything: Rule = { ...none, verbs: ['*'], apiGroups: ['*'], resources: ['*'] };
const everyPath: Rule = { ...none, verbs: ['*'], nonResourceURLs: ['*'] };

function bindingOf(binding: ApiObject, rules: ReadonlyMap<string, readonly Rule[]>): Binding {
  const role = objectOr(binding['roleRef']);
  const namespace = binding.metadata.namespace ?? '';
  const subjects = objectsOf(binding['subjects']);
  const names = new Set(subjects.filter((subject) => subject['kind'] === 'User').map((subject) => subject['name']));
  const groups = new Set(subjects.filter((subject) => subject['kind'] === 'Group').map((subject) => subject['name']));
  for (const account of subjects.filter((subject) => subject['kind'] === 'ServiceAccount')) {
    names.add(`system:serviceaccount:${textOf(account['namespace'] ?? namespace)}:${textOf(account['name'])}`);
  }
  return {
    namespace,
    rules: rules.get(roleKey(textOf(role['kind']), namespace, textOf(role['name']))) ?? [],
    includes: (user) => names.has(user.name) || user.groups.some((group) => groups.has(group)),
  };
}

const roleKey = (kind: string, namespace: string | undefined, name: string) => (kind === 'ClusterRole' ? `/${name}` : `${namespace ?? ''}/${name}`);

function rulesOf(role: ApiObject): readonly Rule[] {
  return objectsOf(role['rules']).map((rule) => ({
    verbs: stringsOf(rule['verbs']), apiGroups: stringsOf(rule['apiGroups']), resources: stringsOf(rule['resources']),
    resourceNames: stringsOf(rule['resourceNames']), nonResourceURLs: stringsOf(rule['nonResourceURLs']),
  }));
}

function covers(rule: Rule, attempt: Attempt): boolean {
  const has = (list: readonly string[], wanted: string) => list.includes('*') || list.includes(wanted);
  if (!has(rule.verbs, attempt.verb)) {
    return false;
  }
  if (attempt.path !== undefined) {
    const path = attempt.path;
    return rule.nonResourceURLs.some((url) => url === '*' || url === path || (url.endsWith('*') && path.startsWith(url.slice(0, -1))));
  }
  const resource = attempt.subresource ? `${attempt.resource ?? ''}/${attempt.subresource}` : (attempt.resource ?? '');
  return has(rule.apiGroups, attempt.group ?? '')
    && (has(rule.resources, resource) || (attempt.subresource !== undefined && attempt.subresource !== '' && rule.resources.includes(`*/${attempt.subresource}`)))
    && (rule.resourceNames.length === 0 || rule.resourceNames.includes(attempt.name ?? ''));
}

/** The sentence of a 403. */
export function forbiddenText(user: User, attempt: Attempt): string {
  if (attempt.path !== undefined) {
    return `forbidden: User "${user.name}" cannot ${attempt.verb} path "${attempt.path}"`;
  }
  const resource = attempt.subresource ? `${attempt.resource ?? ''}/${attempt.subresource}` : (attempt.resource ?? '');
  const qualified = attempt.group ? `${attempt.resource ?? ''}.${attempt.group}` : (attempt.resource ?? '');
  const subject = attempt.name ? `${qualified} "${attempt.name}"` : qualified;
  const where = attempt.namespace ? `in the namespace "${attempt.namespace}"` : 'at the cluster scope';
  return `${subject} is forbidden: User "${user.name}" cannot ${attempt.verb} resource "${resource}" in API group "${attempt.group ?? ''}" ${where}`;
}
