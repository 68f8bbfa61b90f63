import type { Condition, KubeObject } from '../../../src/domain/kubeObject';
import { lowerAnnotation } from '../platform/lower/annotation';
import type { Kit } from './kit';

export type Source = { readonly image: string } | { readonly clusterImage: string } | { readonly snapshot: string } | { readonly url: string } | 'upload' | 'blank';

export interface DiskOptions {
  readonly namespace: string;
  readonly size: string;
  readonly source?: Source;
  /** Default `replicated`, which is shared; `local-ssd` is ReadWriteOnce. */
  readonly storageClass?: string;
  readonly ageMinutes?: number;
  /** The machine that uses it, for `InUse`. */
  readonly machine?: string;
  /** The machine is stopped, so the disk is attached but not mounted. */
  readonly idle?: boolean;
  readonly state?: DiskState;
}

/** Absent: Ready. `message` is what the platform writes into the Ready condition. */
export type DiskState =
  | { readonly phase: 'Provisioning'; readonly progress: string; readonly message: string }
  | { readonly phase: 'WaitForFirstConsumer' }
  | { readonly phase: 'Pending'; readonly reason: string; readonly message: string; readonly datasource: Pick<Condition, 'status' | 'reason' | 'message'> }
  | { readonly phase: 'Failed'; readonly message: string; readonly lower?: string }
  | { readonly phase: 'PVCLost'; readonly message: string }
  | { readonly phase: 'WaitForUserUpload' };

export function disk(kit: Kit, name: string, options: DiskOptions): KubeObject {
  const { namespace, size, source = 'blank', storageClass = 'replicated', ageMinutes = 60 * 24 * 12, state } = options;
  const ready = state === undefined;
  const condition = (type: string, status: Condition['status'], reason: string, message = '') => kit.condition(type, status, reason, Math.max(0, ageMinutes - 1), message);
  const inUse = options.machine !== undefined && !options.idle;
  return kit.object('VirtualDisk', name, {
    namespace, ageMinutes,
    finalizers: ['vd-cleanup', ...(inUse ? ['vd-protection'] : [])],
    ...(state?.phase === 'Failed' && state.lower ? { annotations: { [lowerAnnotation]: state.lower } } : {}),
    spec: { ...dataSource(source), persistentVolumeClaim: { size, storageClassName: storageClass } },
    status: {
      phase: state?.phase ?? 'Ready',
      ...(options.machine === undefined ? {} : { attachedToVirtualMachines: [{ name: options.machine, ...(options.idle ? {} : { mounted: true }) }] }),
      ...(ready ? { capacity: size, progress: '100%' } : {}),
      ...(state?.phase === 'Provisioning' ? { progress: state.progress, downloadSpeed: speed() } : {}),
      ...(state?.phase === 'WaitForUserUpload' ? { progress: '0%', imageUploadURLs: uploadUrls(kit) } : {}),
      migrationState: {},
      observedGeneration: 1,
      stats: { creationDuration: ready ? { totalProvisioning: '14s', waitingForDependencies: '0s' } : { waitingForDependencies: '0s' } },
      storageClassName: storageClass,
      target: { persistentVolumeClaimName: `d8v-vd-${kit.random.uid()}-${kit.random.suffix()}` },
      conditions: [
        condition('StorageClassReady', 'True', 'StorageClassReady'),
        ...(ready ? [] : [state.phase === 'Pending' ? condition('DatasourceReady', state.datasource.status, state.datasource.reason ?? '', state.datasource.message) : condition('DatasourceReady', 'True', 'DatasourceReady')]),
        readyCondition(state, condition),
        condition('InUse', inUse ? 'True' : 'False', inUse ? 'AttachedToVirtualMachine' : 'NotInUse'),
      ],
    },
  });
}

function readyCondition(state: DiskState | undefined, condition: (type: string, status: Condition['status'], reason: string, message?: string) => Condition): Condition {
  switch (state?.phase) {
    case undefined: return condition('Ready', 'True', 'Ready');
    case 'Provisioning': return condition('Ready', 'False', 'Provisioning', state.message);
    case 'WaitForFirstConsumer': return condition('Ready', 'False', 'WaitingForFirstConsumer', 'Awaiting the creation and scheduling of the VirtualMachine with the attached VirtualDisk.');
    case 'Pending': return condition('Ready', 'False', state.reason, state.message);
    case 'Failed': return condition('Ready', 'False', 'ProvisioningFailed', state.message);
    case 'PVCLost': return condition('Ready', 'False', 'PVCLost', state.message);
    case 'WaitForUserUpload': return condition('Ready', 'False', 'WaitForUserUpload', 'Waiting for the user upload.');
  }
}

export interface ImageOptions {
  /** Absent: a ClusterVirtualImage. */
  readonly namespace?: string;
  readonly source: Source;
  readonly ageMinutes?: number;
  readonly unpacked?: string;
  readonly cdrom?: boolean;
  readonly state?: { readonly phase: 'Provisioning'; readonly progress: string } | { readonly phase: 'Failed'; readonly message: string; readonly lower?: string } | { readonly phase: 'WaitForUserUpload' } | { readonly phase: 'ImageLost' };
}

export function image(kit: Kit, name: string, options: ImageOptions): KubeObject {
  const { namespace, source, ageMinutes = 60 * 24 * 30, state } = options;
  const short = namespace === undefined ? 'cvi' : 'vi';
  const uid = kit.random.uid();
  const condition = (type: string, status: Condition['status'], reason: string, message = '') => kit.condition(type, status, reason, Math.max(0, ageMinutes - 1), message);
  const ready = state === undefined || state.phase === 'ImageLost';
  return kit.object(namespace === undefined ? 'ClusterVirtualImage' : 'VirtualImage', name, {
    ...(namespace === undefined ? {} : { namespace }), ageMinutes,
    finalizers: [`${short}-cleanup`],
    ...(state?.phase === 'Failed' && state.lower ? { annotations: { [lowerAnnotation]: state.lower } } : {}),
    spec: { ...dataSource(source), ...(namespace === undefined ? {} : { storage: 'ContainerRegistry' }) },
    status: {
      phase: state?.phase ?? 'Ready',
      ...(options.cdrom ? { cdrom: true } : {}),
      ...(ready ? { format: options.cdrom ? 'iso' : 'qcow2', progress: '100%', downloadSpeed: { avg: '100Mi/s', avgBytes: '104857600' } } : {}),
      ...(state?.phase === 'Provisioning' ? { progress: state.progress, downloadSpeed: speed() } : {}),
      ...(state?.phase === 'WaitForUserUpload' ? { progress: '0%', imageUploadURLs: uploadUrls(kit) } : {}),
      observedGeneration: 1,
      size: ready ? { stored: '600Mi', storedBytes: '629145600', unpacked: options.unpacked ?? '2Gi', unpackedBytes: String(2 ** 30 * Number.parseInt(options.unpacked ?? '2Gi', 10)) } : {},
      target: { registryURL: `dvcr.d8-virtualization.svc/${short}/${namespace === undefined ? '' : `${namespace}/`}${name}:${uid}` },
      conditions: [
        condition('DatasourceReady', 'True', 'DatasourceReady'),
        state === undefined ? condition('Ready', 'True', 'Ready')
          : state.phase === 'Provisioning' ? condition('Ready', 'False', 'Provisioning', 'The image is being imported.')
            : state.phase === 'WaitForUserUpload' ? condition('Ready', 'False', 'WaitForUserUpload', namespace === undefined ? 'Waiting for the user to upload image data.' : 'Waiting for the user upload.')
              : state.phase === 'ImageLost' ? condition('Ready', 'False', 'ImageLost', 'VirtualImage not found in DVCR')
                : condition('Ready', 'False', 'ProvisioningFailed', state.message),
      ],
    },
  });
}

function dataSource(source: Source): { dataSource?: unknown } {
  if (source === 'blank') {
    return {};
  }
  if (source === 'upload') {
    return { dataSource: { type: 'Upload' } };
  }
  if ('url' in source) {
    return { dataSource: { type: 'HTTP', http: { url: source.url } } };
  }
  const [kind, name] = 'image' in source ? ['VirtualImage', source.image] : 'clusterImage' in source ? ['ClusterVirtualImage', source.clusterImage] : ['VirtualDiskSnapshot', source.snapshot];
  return { dataSource: { type: 'ObjectRef', objectRef: { kind, name } } };
}

function speed() {
  return { avg: '100Mi/s', avgBytes: '104857600', current: '110Mi/s', currentBytes: '115343360' };
}

/** The path of an upload address is a secret even here: made anew in every world. */
function uploadUrls(kit: Kit) {
  return { external: `https://virtualization.example.invalid/upload/${kit.random.suffix(32)}`, inCluster: `http://10.0.0.${kit.random.integer(2, 250)}/upload` };
}
