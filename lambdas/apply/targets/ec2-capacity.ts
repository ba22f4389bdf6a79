/** The EC2 hosts of a cluster as a target. */
import type { CapacityDecision, CapacityOutcome } from '../../contract/capacity.ts';

export const followCapacity = async (
  decision: CapacityDecision,
  _: { readonly isRetry: boolean },
): Promise<CapacityOutcome> => ({ ...decision, applied: false, error: 'hosts are not moved yet' });
