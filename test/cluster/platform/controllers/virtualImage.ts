import { conditionOf, phaseOf, type KubeObject } from '../../../../src/domain/kubeObject';
import { stringAt } from '../../../../src/domain/values';
import type { Context, Controller, NewEvent, Step } from '../controller';
import { difference } from '../difference';
import { deviceKey } from '../indexes';
import { isHeld } from '../rest';
import { conditionsAfter, finalizer, hasFinalizer, isDeleting, no, statusOf, uidOf, unknown, withFinalizer, yes, type ConditionChanges, type Fields } from '../objects';
import { percent } from './virtualDisk';

/** Images of a namespace and of the whole cluster go the same way, under different names. */
export const virtualImage = imageController('VirtualImage', 'vi');
export const clusterVirtualImage = imageController('ClusterVirtualImage', 'cvi');

const order = ['StorageClassReady', 'DatasourceReady', 'Ready'];

function imageController(kind: string, short: 'vi' | 'cvi'): Controller {
  return {
    kind,
    reconcile(image, context) {
      if (isDeleting(image)) {
        return deletion(image, short, context);
      }
      const storage = stringAt(image, 'spec.storage');
      if (isHeld(image) || ['Failed', 'ImageLost', 'PVCLost'].includes(phaseOf(image) ?? '') && context.lower.work(image, 'import').stage !== 'running' && !isStuck(image)) {
        return undefined;
      }
      if (phaseOf(image) === undefined) {
        return first(image, short, context);
      }
      if (!hasFinalizer(image, `${short}-cleanup`)) {
        return { metadata: withFinalizer(image, `${short}-cleanup`, true) };
      }
      if (phaseOf(image) === 'Ready') {
        const isUsed = userCount(image, context) > 0;
        return hasFinalizer(image, `${short}-protection`) === isUsed ? undefined : { metadata: withFinalizer(image, `${short}-protection`, isUsed) };
      }
      // Volumes, uploads and copies of other objects come with later work.
      if ((storage !== undefined && storage !== 'ContainerRegistry') || !['HTTP', 'ContainerImage'].includes(stringAt(image, 'spec.dataSource.type') ?? '')) {
        return undefined;
      }
      return importing(image, short, context);
    },
  };
}

/** A failed import whose importer could not be scheduled goes on by itself. */
function isStuck(image: KubeObject): boolean {
  return conditionOf(image, 'Ready')?.reason === 'ProvisioningNotStarted';
}

function first(image: KubeObject, short: 'vi' | 'cvi', context: Context): Step {
  const isCluster = short === 'cvi';
  const conditions = isCluster ? conditionsAfter(image, { DatasourceReady: yes('DatasourceReady'), Ready: unknown }, order, context.clock.now()) : undefined;
  const changed: NewEvent = { by: 'vi-controller', type: 'Normal', reason: 'VirtualImageSpecHasBeenChanged', message: 'Spec changes are detected: import process is restarted by controller' };
  return {
    status: { phase: 'Pending', observedGeneration: image.metadata.generation ?? 1, size: {}, target: {}, conditions },
    events: isCluster ? [] : [changed],
  };
}

function importing(image: KubeObject, short: 'vi' | 'cvi', context: Context): Step | undefined {
  const old = conditionOf(image, 'Ready');
  if (old === undefined || old.status === 'Unknown') {
    const started: NewEvent = { by: 'cvi-controller', type: 'Normal', reason: 'DataSourceImportStarted', message: `The ${word(image)} DataSource import has started` };
    return { status: imageStatus(image, 'Provisioning', no('Provisioning', 'Preparing to import the image.'), { progress: '0%' }, context), events: short === 'cvi' ? [started] : [] };
  }
  const work = context.lower.work(image, 'import');
  const place = image.metadata.namespace === undefined ? 'd8-virtualization' : image.metadata.namespace;
  const pod = `${place}/d8v-${short}-importer-${uidOf(image)}`;
  switch (work.stage) {
    case 'unscheduled':
      return changedTo(image, imageStatus(image, 'Failed', no('ProvisioningNotStarted', old.reason === 'ProvisioningNotStarted' ? old.message : `Provisioning Pod ${pod} is not scheduled: 0/4 nodes are available: 4 Insufficient cpu..`), {}, context));
    case 'failed':
      return {
        status: imageStatus(image, 'Failed', no('ProvisioningFailed', `Provisioning failed: Pod ${pod} termination message: ${work.failure ?? ''}.`), {}, context),
        events: short === 'cvi' ? [{ by: 'cvi-controller', type: 'Warning', reason: 'DataSourceImportDiskProvisioningFailed', message: 'Disk provisioning failed' }] : [],
      };
    case 'done': {
      const size = { stored: '600Mi', storedBytes: '629145600', unpacked: '2Gi', unpackedBytes: '2147483648' };
      const completed: NewEvent = { by: `${short}-controller`, type: 'Normal', reason: 'DataSourceImportCompleted', message: `The ${word(image)} DataSource import has completed` };
      return {
        status: imageStatus(image, 'Ready', yes('Ready'), { progress: '100%', format: 'qcow2', size, downloadSpeed: { avg: '100Mi/s', avgBytes: '104857600' } }, context),
        events: short === 'cvi' || word(image) === 'Registry' ? [completed] : [],
        then: () => context.lower.forgetWork(image),
      };
    }
    case 'waiting':
    case 'running':
    default: {
      const namespace = image.metadata.namespace === undefined ? '' : `${image.metadata.namespace}/`;
      const target = { registryURL: `dvcr.d8-virtualization.svc/${short}/${namespace}${image.metadata.name}:${uidOf(image)}` };
      const isWaiting = work.stage === 'waiting';
      if (isWaiting && isStuck(image)) {
        return undefined;
      }
      const more = isWaiting ? { target } : { target, progress: percent(work.progress), downloadSpeed: speed(work.progress) };
      return changedTo(image, imageStatus(image, 'Provisioning', no('Provisioning', 'The image is being imported.'), more, context));
    }
  }
}

function changedTo(image: KubeObject, status: Fields): Step | undefined {
  return difference(statusOf(image), status) ? { status } : undefined;
}

const word = (image: KubeObject) => (stringAt(image, 'spec.dataSource.type') === 'ContainerImage' ? 'Registry' : 'HTTP');

function speed(progress: number): Fields {
  return progress <= 0 ? { avg: '0B/s', avgBytes: '0', current: '0B/s', currentBytes: '0' } : { avg: '100Mi/s', avgBytes: '104857600', current: '110Mi/s', currentBytes: '115343360' };
}

function imageStatus(image: KubeObject, phase: string, ready: ReturnType<typeof yes>, more: Fields, context: Context): Fields {
  const conditions: ConditionChanges = { DatasourceReady: yes('DatasourceReady'), Ready: ready };
  return { ...statusOf(image), ...more, phase, observedGeneration: image.metadata.generation ?? 1, conditions: conditionsAfter(image, conditions, order, context.clock.now()) };
}

/** How many machines have the image as a device and are not stopped. */
function userCount(image: KubeObject, context: Context): number {
  const key = deviceKey(image.kind, image.metadata.name, image.metadata.namespace ?? '');
  return [...context.known.by(`machine of device:${key}`)].filter((machine) => context.lower.machine(machine).wanted).length;
}

function deletion(image: KubeObject, short: 'vi' | 'cvi', context: Context): Step | undefined {
  if (phaseOf(image) !== 'Terminating') {
    const conditions = conditionsAfter(image, { DatasourceReady: unknown }, order, context.clock.now());
    return { status: { ...statusOf(image), phase: 'Terminating', observedGeneration: image.metadata.generation ?? 1, conditions } };
  }
  const others = (image.metadata.finalizers ?? []).filter((name) => name !== finalizer(`${short}-cleanup`) && name !== finalizer(`${short}-protection`));
  if (userCount(image, context) > 0 || others.length === image.metadata.finalizers?.length) {
    return undefined;
  }
  return { metadata: { finalizers: others }, then: () => context.lower.forgetWork(image) };
}

