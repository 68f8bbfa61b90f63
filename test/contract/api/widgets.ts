/** A kind for tests: two versions, columns, status, a default, limits, a rule, a keyed list. */
export const widgets = {
  apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.test.example.org' },
  spec: {
    group: 'test.example.org', scope: 'Namespaced',
    names: { kind: 'Widget', listKind: 'WidgetList', plural: 'widgets', singular: 'widget', shortNames: ['wd'], categories: ['all'] },
    versions: [version('v1', true), { ...version('v1beta1', false), deprecated: true, deprecationWarning: 'test.example.org/v1beta1 Widget is deprecated' }],
  },
};

function version(name: string, storage: boolean) {
  return {
    name, served: true, storage, subresources: { status: {}, scale: { specReplicasPath: '.spec.size', statusReplicasPath: '.status.count' } },
    additionalPrinterColumns: [
      { name: 'Size', type: 'integer', jsonPath: '.spec.size' },
      { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
      { name: 'Note', type: 'string', jsonPath: '.metadata.annotations.test\\.example\\.org/note', priority: 1 },
      { name: 'Parts', type: 'string', jsonPath: '.spec.parts[*].name', priority: 1 },
      { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
    ],
    schema: { openAPIV3Schema: { type: 'object', description: 'Something to test with.', properties: {
      spec: { type: 'object', required: ['size'], properties: {
        size: { type: 'integer', minimum: 1, maximum: 10, description: 'How large it is.' },
        colour: { type: 'string', enum: ['red', 'green'], default: 'red' },
        fixed: { type: 'string', 'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'fixed is immutable' }] },
        tags: { type: 'object', additionalProperties: { type: 'string' } },
        parts: { type: 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'], items: {
          type: 'object', required: ['name'], properties: { name: { type: 'string' }, count: { type: 'integer' } },
        } },
      } },
      status: { type: 'object', properties: {
        phase: { type: 'string' }, count: { type: 'integer' },
        conditions: { type: 'array', items: { type: 'object', properties: { type: { type: 'string' }, status: { type: 'string' } } } },
      } },
    } } },
  };
}
