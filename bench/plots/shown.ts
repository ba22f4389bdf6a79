/**
 * What stands in `docs/policies.md` as the smallest configuration of each policy, and is drawn there. Set for a wait of 30 s
 * where a policy can be: at 1 s a message that is 30 messages a task.
 */
import type { Policy } from '../../lambdas/contract/policies.ts';
import type { Shown } from './burst.ts';

export const shown: Readonly<Record<Policy['type'], Shown>> = {
  queueDelay: { service: { policy: { type: 'queueDelay' } } },
  target: { service: { policy: { type: 'target', backlogPerTask: 30 } } },
  panic: { service: { policy: { type: 'panic', target: 30 } } },
  value: {
    service: {
      policy: { type: 'value', metric: 'inFlight / running', target: 0.7 },
      tasks: { min: 1, max: 125 },
    },
  },
  steps: {
    service: {
      policy: {
        type: 'steps',
        steps: [
          { atLeast: 0, tasks: 0 },
          { atLeast: 1, tasks: 2 },
          { atLeast: 100, tasks: 20 },
          { atLeast: 500, tasks: 60 },
        ],
      },
    },
  },
  threshold: { service: { policy: { type: 'threshold' } } },
  rules: {
    service: {
      policy: {
        type: 'rules',
        events: [
          { metric: 'visible', min: 100, action: 10 },
          { metric: 'visible', min: 10, action: 1 },
          { metric: 'visible', max: 0, action: -1 },
        ],
      },
    },
  },
  presence: { service: { policy: { type: 'presence', tasks: 20 } } },
  forecast: {
    service: {
      policies: [
        { type: 'target', backlogPerTask: 30 },
        { type: 'forecast', season: '10m', horizon: '20s' },
      ],
    },
    seasons: 6,
  },
  formula: { service: { policy: { type: 'formula', tasks: 'sqrt(backlog) * 1.5' } } },
};
