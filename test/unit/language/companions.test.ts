import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stringify } from 'yaml';
import { diagnosesOf, found, validObjects } from '../../contract/language/questions';

const diagnoses = diagnosesOf('1.10');

function service(spec: string): string {
  return `apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {vm: a}, ports: [{port: 80}], ${spec}}\n`;
}

test('the companions that Kubernetes accepts are accepted', () => {
  for (const object of validObjects('companions')) {
    assert.deepEqual(found(diagnoses, stringify(object)), [], stringify(object));
  }
  const accepted = [
    'type: LoadBalancer, loadBalancerSourceRanges: [" 010.0.0.1/8 "]', 'externalTrafficPolicy: Local, externalIPs: [192.0.2.1]', 'sessionAffinityConfig: {clientIP: {timeoutSeconds: 0}}',
    'sessionAffinity: ClientIP, sessionAffinityConfig: {clientIP: {}}', 'externalName: "A b"', 'externalIPs: ["fd00::1"]', 'ipFamilyPolicy: PreferDualStack', 'loadBalancerIP: x', 'selector: null', 'clusterIP: 010.0.0.7',
  ];
  for (const spec of accepted.map((each) => (each.startsWith('selector') ? each : service(each)))) {
    assert.deepEqual(found(diagnoses, spec), [], spec);
  }
});

test('what belongs to another type of Service, or is no address, is found at its place', () => {
  const refused: readonly (readonly [string, string])[] = [
    ['loadBalancerSourceRanges: [10.0.0.0/8]', 'spec.loadBalancerSourceRanges'], ['type: LoadBalancer, loadBalancerSourceRanges: [10.0.0.1]', 'spec.loadBalancerSourceRanges[0]'], ['loadBalancerClass: a/b', 'spec.loadBalancerClass'],
    ['allocateLoadBalancerNodePorts: true', 'spec.allocateLoadBalancerNodePorts'], ['externalTrafficPolicy: Local', 'spec.externalTrafficPolicy'], ['healthCheckNodePort: 30001', 'spec.healthCheckNodePort'],
    ['sessionAffinity: ClientIP, sessionAffinityConfig: {clientIP: {timeoutSeconds: 86401}}', 'spec.sessionAffinityConfig.clientIP.timeoutSeconds'], ['type: ExternalName, externalName: a_b', 'spec.externalName'],
    ['type: NodePort, clusterIP: None', 'spec.clusterIP'], ['clusterIPs: [10.0.0.7]', 'spec.clusterIPs'], ['clusterIP: 300.1.1.1', 'spec.clusterIP'], ['ipFamilies: [IPv4, IPv4]', 'spec.ipFamilies[1]'], ['externalIPs: [127.0.0.1]', 'spec.externalIPs[0]'],
    ['externalIPs: [null]', 'spec.externalIPs[0]'], ['trafficDistribution: Near', 'spec.trafficDistribution'], ['internalTrafficPolicy: ""', 'spec.internalTrafficPolicy'], ['topologyKeys: [a]', 'spec.topologyKeys'],
  ];
  for (const [spec, field] of refused) {
    assert.ok(found(diagnoses, service(spec)).includes(field), `${spec}: ${found(diagnoses, service(spec)).join()}`);
  }
});

test('bytes may be a list of numbers, and an empty value does not hide a bad key', () => {
  const secret = (data: string) => `apiVersion: v1\nkind: Secret\nmetadata: {name: a}\ntype: provisioning.virtualization.deckhouse.io/cloud-init\n${data}\n`;
  assert.deepEqual(found(diagnoses, secret('data: {userData: [35, null]}')), []);
  assert.deepEqual(found(diagnoses, secret('data: {userData: [a]}')), ['data.userData[0]']);
  assert.deepEqual(found(diagnoses, secret('stringData: {"user data": }')), ['stringData']);
});

test('a companion is known as one where a wrong indentation or a broken line hides what it is', () => {
  for (const text of ['apiVersion: v1\n kind: Service\nmetadata: {name: a}\n', ' apiVersion: v1\nkind: Service\nmetadata: {name: a}\n', '  a: b\napiVersion: v1\nkind: Service\n']) {
    assert.equal(found(diagnoses, text).length, 1, text);
  }
  assert.equal(found(diagnoses, '{"apiVersion":"v1","kind":"Service","metadata":{"name":tRue}}', 'json').length, 1);
  assert.deepEqual(found(diagnoses, 'values:\n  apiVersion: v1\n  kind: Service\n'), [], 'a value of something else');
  assert.deepEqual(found(diagnoses, 'apiVersion: v1\n kind: ConfigMap\n'), []);
});
