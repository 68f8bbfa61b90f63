import { platformGroup, type KindName } from '../../../src/domain/kind';
import type { Condition, KubeObject } from '../../../src/domain/kubeObject';

/** What "now" is in the tests of this folder. */
export const nowMs = Date.parse('2026-03-01T12:00:00Z');

export function ago(seconds: number): string {
  return new Date(nowMs - seconds * 1000).toISOString();
}

interface Parts {
  readonly name: string;
  readonly namespace?: string | undefined;
  readonly spec?: object;
  readonly status?: object;
  readonly metadata?: object;
}

/** An object of the platform, made ten minutes ago in the namespace `prod`. */
export function object(kind: KindName, { name, namespace = 'prod', spec, status, metadata }: Parts): KubeObject {
  return {
    apiVersion: `${platformGroup}/v1alpha2`, kind,
    metadata: { name, namespace, uid: `uid-${name}`, generation: 1, creationTimestamp: ago(600), ...metadata },
    ...(spec ? { spec } : {}), ...(status ? { status } : {}),
  };
}

export function machine(name: string, phase: string | undefined, more: { spec?: object; status?: object; metadata?: object; namespace?: string } = {}): KubeObject {
  return object('VirtualMachine', {
    name, ...more,
    spec: { virtualMachineClassName: 'generic', cpu: { cores: 2 }, memory: { size: '4Gi' }, blockDeviceRefs: [], ...more.spec },
    status: { ...(phase === undefined ? {} : { phase }), ...more.status },
  });
}

export function condition(type: string, status: Condition['status'], reason: string, more: Partial<Condition> = {}): Condition {
  return { type, status, reason, message: '', lastTransitionTime: ago(300), ...more };
}
