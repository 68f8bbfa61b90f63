import { phaseOf, type KubeObject } from '../../../../src/domain/kubeObject';
import { stringAt } from '../../../../src/domain/values';
import type { Context } from '../controller';
import { no, uidOf, yes, type Verdict } from '../objects';
import { bytesOf } from '../quantity';

/** What a disk is filled from, and whether that is there. */
export interface Source {
  readonly kind: 'blank' | 'image' | 'import';
  /** As Events call it. */
  readonly word: string;
  readonly verdict: Verdict;
  /** The condition `Ready` while the source is not there. */
  readonly ready: Verdict;
  readonly uid?: string;
  readonly bytes?: number;
  /** Why this source can never fill the disk. */
  readonly failure?: string;
}

const there = { verdict: yes('DatasourceReady'), ready: yes('Ready') };

export function sourceOf(disk: KubeObject, context: Context): Source {
  const type = stringAt(disk, 'spec.dataSource.type');
  if (type === undefined) {
    return { kind: 'blank', word: 'Blank', ...there };
  }
  if (type !== 'ObjectRef') {
    return { kind: 'import', word: type === 'ContainerImage' ? 'Registry' : type, ...there };
  }
  return imageSource(disk, stringAt(disk, 'spec.dataSource.objectRef.kind') ?? '', stringAt(disk, 'spec.dataSource.objectRef.name') ?? '', context);
}

function imageSource(disk: KubeObject, kind: string, name: string, context: Context): Source {
  const image = context.known.get(kind, name, kind === 'ClusterVirtualImage' ? undefined : disk.metadata.namespace);
  const base = { kind: 'image', word: 'ObjectRef' } as const;
  const short = kind === 'ClusterVirtualImage' ? 'ClusterImage' : kind === 'VirtualImage' ? 'Image' : kind;
  if (!image) {
    const message = `${kind} "${name}" not found.`;
    return { ...base, verdict: no(`${short}NotFound`, message), ready: no('DatasourceIsNotFound', message) };
  }
  if (phaseOf(image) !== 'Ready') {
    const message = `${kind} "${name}" not ready.`;
    return { ...base, verdict: no(`${short}NotReady`, message), ready: no('DatasourceIsNotReady', message) };
  }
  const bytes = Number(image.status && (image.status as { size?: { unpackedBytes?: unknown } }).size?.unpackedBytes) || bytesOf(stringAt(image, 'status.size.unpacked'));
  const size = stringAt(disk, 'spec.persistentVolumeClaim.size');
  const isIso = stringAt(image, 'status.format') === 'iso';
  const isSmall = size !== undefined && bytesOf(size) < bytes;
  return {
    ...base, ...there, uid: uidOf(image), bytes,
    ...(isIso ? { failure: 'Creating a virtual disk from an ISO image is not supported: please use a virtual image or a cluster virtual image instead.' }
      : isSmall ? { failure: `The specified pvc size is insufficient: ${bytesOf(size)} (${size}) < ${bytes}.` } : {}),
  };
}
