import { conditionOf, isRecord, phaseOf, type KubeObject } from '../../../../src/domain/kubeObject';
import { listAt, numberAt, stringAt } from '../../../../src/domain/values';
import { specOf } from '../objects';
import type { Instance, Stage } from './lower';
import type { Simulated } from './simulated';
import { plays } from './annotation';

/**
 * The internal machine that a VirtualMachine's status tells of: how the layer below takes over machines that it has not
 * started itself, those of a prepared world and those of its own earlier life.
 */
export function adopted(object: KubeObject): Simulated {
  const phase = phaseOf(object);
  const policy = stringAt(object, 'spec.runPolicy') ?? 'AlwaysOnUnlessStoppedManually';
  const stage = stageOf(object, phase);
  const starts = phase === undefined ? policy === 'AlwaysOn' || policy === 'AlwaysOnUnlessStoppedManually' : phase === 'Pending';
  const stopping = phase === 'Stopping' || phase === 'Terminating';
  const instance: Instance | undefined = stage && {
    stage,
    pod: listAt(object, 'status.virtualMachinePods').flatMap((pod) => (isRecord(pod) && pod['active'] === true ? [String(pod['name'])] : []))[0],
    node: stringAt(object, 'status.nodeName'),
    startedAtMs: stage === 'running' ? Date.parse(stringAt(object, 'status.stats.lastStartTime') ?? '') || undefined : undefined,
    stopping,
    ending: stopping ? 'stop' : undefined,
    agent: conditionOf(object, 'AgentReady')?.status === 'True',
    blockedBy: (['quota', 'unschedulable', 'attach-error'] as const).find((word) => plays(object, word)),
    migration: undefined,
  };
  return {
    object,
    wanted: (instance !== undefined && !stopping) || starts,
    because: phase === undefined ? 'creation' : 'policy',
    creating: false,
    instances: instance ? 1 : 0,
    isEvacuating: false,
    ...(instance ? { instance } : {}),
    ...(instance && isApplied(object) ? { applied: specOf(object) } : {}),
  };
}

/** Whether the instance was made of the spec as it is now. */
function isApplied(object: KubeObject): boolean {
  return numberAt(object, 'status.observedGeneration') === object.metadata.generation && listAt(object, 'status.restartAwaitingChanges').length === 0;
}

function stageOf(object: KubeObject, phase: string | undefined): Stage | undefined {
  const reason = conditionOf(object, 'Running')?.reason;
  switch (phase ?? '') {
    case 'Running':
    case 'Migrating':
    case 'Pause':
    case 'Degraded':
    case 'Stopping':
    case 'Terminating':
      return reason === 'NotRunning' ? undefined : 'running';
    case 'Starting':
    case 'Pending':
      if (phase === 'Pending' && (reason === undefined || reason === 'NotRunning' || reason === 'Unknown')) {
        return undefined;
      }
      return stringAt(object, 'status.nodeName') ? 'scheduled' : listAt(object, 'status.virtualMachinePods').length > 0 ? 'scheduling' : 'created';
    default:
      return undefined;
  }
}
