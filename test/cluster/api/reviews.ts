import type { Access, Attempt, Rule, User } from './access';
import { objectOr, textOf, type JsonObject } from './model';

/** Answers a review that somebody asks about themselves. `plural` is one of `reviewResources`. */
export function review(plural: string, body: JsonObject, user: User, access: Access): JsonObject {
  const spec = objectOr(body['spec']);
  const { apiVersion, kind } = body;
  switch (plural) {
    case 'selfsubjectaccessreviews': return { kind, apiVersion, metadata: {}, spec, status: { allowed: access.isAllowed(user, attemptOf(spec)) } };
    case 'selfsubjectrulesreviews': {
      const rules = access.rules(user, textOf(spec['namespace']));
      return { kind, apiVersion, metadata: {}, spec: {}, status: {
        resourceRules: rules.filter((rule) => rule.resources.length > 0).map(resourceRule),
        nonResourceRules: rules.filter((rule) => rule.nonResourceURLs.length > 0).map((rule) => ({ verbs: rule.verbs, nonResourceURLs: rule.nonResourceURLs })),
        incomplete: false,
      } };
    }
    default: return { kind, apiVersion, metadata: {}, status: { userInfo: { username: user.name, groups: user.groups } } };
  }
}

function attemptOf(spec: JsonObject): Attempt {
  if (spec['nonResourceAttributes'] !== undefined) {
    const { path, verb } = objectOr(spec['nonResourceAttributes']);
    return { path: textOf(path), verb: textOf(verb) };
  }
  const { namespace, verb, group, resource, subresource, name } = objectOr(spec['resourceAttributes']);
  return { verb: textOf(verb), group: textOf(group), resource: textOf(resource), subresource: textOf(subresource), namespace: textOf(namespace), name: textOf(name) };
}

function resourceRule(rule: Rule): JsonObject {
  return { verbs: rule.verbs, apiGroups: rule.apiGroups, resources: rule.resources, ...(rule.resourceNames.length > 0 ? { resourceNames: rule.resourceNames } : {}) };
}
