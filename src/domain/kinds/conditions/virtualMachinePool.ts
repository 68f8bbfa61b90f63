import type { ConditionHelp } from '../../kind';
import { text } from '../../text';

export const virtualMachinePoolConditions: Readonly<Record<string, ConditionHelp>> = {
  Available: {
    good: 'True',
    meaning: text('All machines of the pool are ready.'),
    reasons: {
      AllReplicasReady: { meaning: text('All machines of the pool are ready.') },
      InsufficientReadyReplicas: { meaning: text('Fewer machines are ready than the pool should have.'), next: text('Look at the machines of the pool.'), brief: text('too few machines ready'), health: 'warning' },
    },
  },
  Progressing: {
    good: 'absent',
    meaning: text('The pool is getting or losing machines.'),
    reasons: { ReplicasProgressing: { meaning: text('The pool is getting or losing machines.'), brief: text('scaling'), health: 'busy' } },
  },
  Synced: {
    good: 'True',
    meaning: text('All machines follow the template.'),
    reasons: {
      PoolSynced: { meaning: text('All machines follow the template.') },
      RolloutInProgress: { meaning: text('A change of the template is being rolled out.'), brief: text('rolling out'), health: 'busy' },
      RestartPendingApproval: { meaning: text('Machines of the pool wait for a restart to follow the template.'), next: text('Restart them when it suits.'), brief: text('restart pending'), health: 'warning' },
    },
  },
};
