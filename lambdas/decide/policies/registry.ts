/** Which rule answers to which `type`. */
import type { Policy } from '../../contract/policies.ts';
import type { Recommendation, Situation } from './policy.ts';
import { target } from './target.ts';
import { threshold } from './threshold.ts';

export const recommend = (policy: Policy, situation: Situation): Recommendation => {
  switch (policy.type) {
    case 'threshold':
      return threshold(policy, situation);
    case 'target':
      return target(policy, situation);
  }
};
