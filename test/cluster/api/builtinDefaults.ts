import { isObject, objectOr, objectsOf, type ApiObject, type JsonObject, type Resource, textOf } from './model';

/** What Kubernetes itself fills in for its own kinds, as far as anybody here looks at it. Changes `object`. */
export function fillIn(resource: Resource, object: ApiObject, old: ApiObject | undefined, now: string): void {
  fillers[`${resource.group}/${resource.plural}`]?.(object, old, now);
}

type Filler = (object: ApiObject, old: ApiObject | undefined, now: string) => void;

const fillers: Readonly<Record<string, Filler>> = {
  '/namespaces': (object, old) => {
    object.metadata.labels = { ...object.metadata.labels, 'kubernetes.io/metadata.name': object.metadata.name };
    object['spec'] ??= { finalizers: ['kubernetes'] };
    object['status'] = object.metadata.deletionTimestamp !== undefined ? { phase: 'Terminating' } : (old?.['status'] ?? { phase: 'Active' });
  },
  '/secrets': (object) => {
    object['type'] ??= 'Opaque';
    if (isObject(object['stringData'])) {
      const encoded = Object.entries(object['stringData']).map(([key, value]) => [key, Buffer.from(textOf(value)).toString('base64')]);
      object['data'] = { ...objectOr(object['data']), ...Object.fromEntries(encoded) as JsonObject };
      delete object['stringData'];
    }
  },
  '/pods': (object) => {
    object['status'] = { phase: 'Pending', ...objectOr(object['status']) };
  },
  '/services': (object) => {
    const spec = objectOr(object['spec']);
    spec['type'] ??= 'ClusterIP';
    spec['sessionAffinity'] ??= 'None';
    spec['ports'] = objectsOf(spec['ports']).map((port) => ({ protocol: 'TCP', targetPort: port['port'], ...port }));
    object['spec'] = spec;
    object['status'] ??= { loadBalancer: {} };
  },
  '/persistentvolumeclaims': (object) => {
    object['status'] = { phase: 'Pending', ...objectOr(object['status']) };
  },
  'storage.k8s.io/storageclasses': (object) => {
    object['reclaimPolicy'] ??= 'Delete';
    object['volumeBindingMode'] ??= 'Immediate';
  },
  'apiextensions.k8s.io/customresourcedefinitions': (object, old, now) => {
    const spec = objectOr(object['spec']);
    const names = objectOr(spec['names']);
    const kind = textOf(names['kind']);
    spec['names'] = { listKind: `${kind}List`, singular: kind.toLowerCase(), ...names };
    spec['conversion'] ??= { strategy: 'None' };
    const stored = objectsOf(spec['versions']).filter((version) => version['storage'] === true).map((version) => version['name']);
    object['status'] = {
      conditions: objectsOf(objectOr(old?.['status'])['conditions']).length > 0 ? objectOr(old?.['status'])['conditions'] : [
        { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found', lastTransitionTime: now },
        { type: 'Established', status: 'True', reason: 'InitialNamesAccepted', message: 'the initial names have been accepted', lastTransitionTime: now },
      ],
      acceptedNames: spec['names'], storedVersions: [...new Set([...(objectOr(old?.['status'])['storedVersions'] as string[] | undefined ?? []), ...stored])],
    };
  },
  'apiregistration.k8s.io/apiservices': (object, old, now) => {
    object['status'] = objectOr(old?.['status'])['conditions'] === undefined
      ? { conditions: [{ type: 'Available', status: 'True', reason: 'Passed', message: 'all checks passed', lastTransitionTime: now }] }
      : old?.['status'];
  },
  'admissionregistration.k8s.io/validatingwebhookconfigurations': (object) => fillInWebhooks(object),
  'admissionregistration.k8s.io/mutatingwebhookconfigurations': (object) => fillInWebhooks(object),
};

function fillInWebhooks(object: ApiObject): void {
  object['webhooks'] = objectsOf(object['webhooks']).map((webhook) => ({
    failurePolicy: 'Fail', matchPolicy: 'Equivalent', timeoutSeconds: 10, namespaceSelector: {}, objectSelector: {}, ...webhook,
    rules: objectsOf(webhook['rules']).map((rule) => ({ scope: '*', ...rule })),
  }));
}
