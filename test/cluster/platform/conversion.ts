import { isRecord } from '../../../src/domain/kubeObject';

type Json = Readonly<Record<string, unknown>>;

/** Answers a `ConversionReview` about VirtualMachineClass: v1alpha2 has shares of cores as numbers, v1alpha3 as `N%`. */
export function convert(body: unknown): object {
  const request = isRecord(body) && isRecord(body['request']) ? body['request'] : {};
  const desired = String(request['desiredAPIVersion']);
  const objects = Array.isArray(request['objects']) ? (request['objects'] as Json[]) : [];
  return {
    apiVersion: 'apiextensions.k8s.io/v1', kind: 'ConversionReview',
    response: { uid: request['uid'], result: { status: 'Success' }, convertedObjects: objects.map((object) => converted(object, desired)) },
  };
}

function converted(object: Json, desired: string): Json {
  const toText = desired.endsWith('/v1alpha3');
  const share = (value: unknown) => (toText ? (typeof value === 'number' ? `${value}%` : value) : typeof value === 'string' && /^\d+%$/.test(value) ? Number.parseInt(value, 10) : value);
  const { spec } = object;
  if (!isRecord(spec) || !Array.isArray(spec['sizingPolicies'])) {
    return { ...object, apiVersion: desired };
  }
  const sizingPolicies = spec['sizingPolicies'].map((policy: unknown) => !isRecord(policy) ? policy : {
    ...policy,
    ...(Array.isArray(policy['coreFractions']) ? { coreFractions: policy['coreFractions'].map(share) } : {}),
    ...(policy['defaultCoreFraction'] === undefined ? {} : { defaultCoreFraction: share(policy['defaultCoreFraction']) }),
  });
  return { ...object, apiVersion: desired, spec: { ...spec, sizingPolicies } };
}
