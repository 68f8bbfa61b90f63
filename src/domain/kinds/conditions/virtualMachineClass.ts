import type { ConditionHelp } from '../../kind';
import { text } from '../../text';

export const virtualMachineClassConditions: Readonly<Record<string, ConditionHelp>> = {
  Ready: {
    good: 'True',
    meaning: text('Machines can be placed with this class.'),
    reasons: {
      SuitableNodesFound: { meaning: text('There are nodes for machines of this class.') },
      NoSuitableNodesFound: { meaning: text('No node fits the class.'), next: text('Loosen the node selector or the CPU settings of the class, or add nodes.'), brief: text('no node fits'), health: 'warning' },
      NoCpuFeaturesEnabled: { meaning: text('No CPU features are known for the class.'), next: text('Check the features of the class, or the nodes that discovery looks at.'), brief: text('no CPU features'), health: 'warning' },
    },
  },
  Discovered: {
    good: 'any',
    meaning: text('Whether the common CPU features of the nodes are known.'),
    reasons: {
      DiscoverySucceeded: { meaning: text('The common CPU features of the nodes are known.') },
      DiscoverySkip: { meaning: text('This type of CPU needs no discovery.') },
      DiscoveryFailed: { meaning: text('No node matches the discovery selector.'), next: text('Correct the node selector of the discovery.'), brief: text('discovery found no nodes') },
    },
  },
  InUse: {
    good: 'absent',
    meaning: text('Machines keep the class from being deleted.'),
    reasons: { VirtualMachineClassInUse: { meaning: text('The class is to be deleted, but machines still use it.'), next: text('Give the machines in the message another class.'), brief: text('machines still use it'), health: 'warning' } },
  },
};
