import { badRequest } from './status';
import type { JsonObject } from './model';

/**
 * Some of kubectl's commands (`create namespace`, `auth can-i`) send Kubernetes' own kinds as protobuf and nothing else.
 * This reads the few of them that are used here. Field numbers are those of k8s.io/api's `generated.proto` files.
 */
export function decodeProtobuf(body: Buffer): JsonObject {
  if (body.subarray(0, 4).toString('latin1') !== 'k8s\0') {
    throw badRequest('the body is no Kubernetes protobuf');
  }
  const unknown = read(body.subarray(4), { 1: ['typeMeta', { 1: ['apiVersion', 'string'], 2: ['kind', 'string'] }], 2: ['raw', 'bytes'] });
  const { apiVersion = '', kind = '' } = unknown['typeMeta'] as { apiVersion?: string; kind?: string };
  const message = messages[`${apiVersion}/${kind}`];
  if (!message) {
    throw badRequest(`${apiVersion} ${kind} is not read as protobuf here; send JSON`);
  }
  return { apiVersion, kind, ...read(unknown['raw'] as Buffer, message) };
}

type Scalar = 'string' | 'bytes' | 'base64' | 'integer' | 'boolean';
type FieldType = Scalar | Message | { readonly list: Scalar | Message } | { readonly map: Scalar };
/** Field number → its name in JSON and its type. */
interface Message { readonly [number: number]: readonly [name: string, type: FieldType] }

const meta: Message = {
  1: ['name', 'string'], 2: ['generateName', 'string'], 3: ['namespace', 'string'], 5: ['uid', 'string'], 6: ['resourceVersion', 'string'],
  11: ['labels', { map: 'string' }], 12: ['annotations', { map: 'string' }], 14: ['finalizers', { list: 'string' }],
};
const rule: Message = {
  1: ['verbs', { list: 'string' }], 2: ['apiGroups', { list: 'string' }], 3: ['resources', { list: 'string' }],
  4: ['resourceNames', { list: 'string' }], 5: ['nonResourceURLs', { list: 'string' }],
};
const subject: Message = { 1: ['kind', 'string'], 2: ['apiGroup', 'string'], 3: ['name', 'string'], 4: ['namespace', 'string'] };
const roleRef: Message = { 1: ['apiGroup', 'string'], 2: ['kind', 'string'], 3: ['name', 'string'] };
const role: Message = { 1: ['metadata', meta], 2: ['rules', { list: rule }] };
const roleBinding: Message = { 1: ['metadata', meta], 2: ['subjects', { list: subject }], 3: ['roleRef', roleRef] };
const resourceAttributes: Message = {
  1: ['namespace', 'string'], 2: ['verb', 'string'], 3: ['group', 'string'], 4: ['version', 'string'], 5: ['resource', 'string'], 6: ['subresource', 'string'], 7: ['name', 'string'],
};

const messages: Readonly<Record<string, Message>> = {
  'v1/Namespace': { 1: ['metadata', meta] },
  'v1/ConfigMap': { 1: ['metadata', meta], 2: ['data', { map: 'string' }], 3: ['binaryData', { map: 'base64' }], 4: ['immutable', 'boolean'] },
  'v1/Secret': { 1: ['metadata', meta], 2: ['data', { map: 'base64' }], 3: ['type', 'string'], 4: ['stringData', { map: 'string' }], 5: ['immutable', 'boolean'] },
  'v1/ServiceAccount': { 1: ['metadata', meta] },
  'v1/DeleteOptions': deleteOptions(), 'meta.k8s.io/v1/DeleteOptions': deleteOptions(),
  'rbac.authorization.k8s.io/v1/Role': role, 'rbac.authorization.k8s.io/v1/ClusterRole': role,
  'rbac.authorization.k8s.io/v1/RoleBinding': roleBinding, 'rbac.authorization.k8s.io/v1/ClusterRoleBinding': roleBinding,
  'authorization.k8s.io/v1/SelfSubjectAccessReview': {
    1: ['metadata', meta], 2: ['spec', { 1: ['resourceAttributes', resourceAttributes], 2: ['nonResourceAttributes', { 1: ['path', 'string'], 2: ['verb', 'string'] }] }],
  },
  'authorization.k8s.io/v1/SelfSubjectRulesReview': { 1: ['metadata', meta], 2: ['spec', { 1: ['namespace', 'string'] }] },
  'authentication.k8s.io/v1/SelfSubjectReview': { 1: ['metadata', meta] },
};

function deleteOptions(): Message {
  return {
    1: ['gracePeriodSeconds', 'integer'], 2: ['preconditions', { 1: ['uid', 'string'], 2: ['resourceVersion', 'string'] }], 4: ['propagationPolicy', 'string'], 5: ['dryRun', { list: 'string' }],
  };
}

function read(bytes: Buffer, message: Message): JsonObject {
  const result: JsonObject = {};
  let at = 0;
  const varint = (): number => {
    let [value, scale] = [0, 1];
    for (;;) {
      const byte = bytes[at++];
      if (byte === undefined) {
        throw badRequest('the protobuf body ends too early');
      }
      value += (byte & 0x7f) * scale;
      scale *= 128;
      if (byte < 0x80) {
        return value;
      }
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const wireType = tag & 7;
    let value: number | Buffer;
    switch (wireType) {
      case 0: value = varint(); break;
      case 2: {
        const length = varint();
        value = bytes.subarray(at, at + length);
        at += length;
        break;
      }
      case 1: value = bytes.subarray(at, at += 8); break;
      case 5: value = bytes.subarray(at, at += 4); break;
      default: throw badRequest(`protobuf wire type ${wireType} is not known`);
    }
    const field = message[tag >>> 3];
    if (field) {
      put(result, field[0], field[1], value);
    }
  }
  return result;
}

/** Stores one occurrence of a field; the empty strings that Kubernetes always sends count as absent. */
function put(result: JsonObject, name: string, type: FieldType, value: number | Buffer): void {
  if (typeof type === 'object' && 'list' in type) {
    result[name] = [...(result[name] as unknown[] | undefined ?? []), convert(type.list, value)];
  } else if (typeof type === 'object' && 'map' in type) {
    const entry = read(value as Buffer, { 1: ['key', 'string'], 2: ['value', type.map] });
    result[name] = { ...(result[name] as JsonObject | undefined), [(entry['key'] as string | undefined) ?? '']: entry['value'] ?? '' };
  } else {
    const converted = convert(type, value);
    if (converted !== '') {
      result[name] = converted;
    }
  }
}

function convert(type: Scalar | Message, value: number | Buffer): unknown {
  if (typeof value === 'number') {
    return type === 'boolean' ? value !== 0 : value;
  }
  switch (type) {
    case 'string': return value.toString();
    case 'bytes': return value;
    case 'base64': return value.toString('base64');
    case 'integer': case 'boolean': throw badRequest('a protobuf field has the wrong wire type');
    default: return read(value, type);
  }
}
