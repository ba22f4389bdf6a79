/** The loop of one service without its clock and its calls: the real `decide` with its guards, its memory travelling as JSON from look to look. */
import type { Service } from '../../lambdas/contract/config.ts';
import type { Counts, Reading, ServiceMemory } from '../../lambdas/contract/records.ts';
import type { Tools } from '../../lambdas/contract/tools.ts';
import { type Decided, decide } from '../../lambdas/decide/decide.ts';

/** When the seconds of a simulation begin, unless somebody says otherwise: schedules ask for the time of day. */
const BEGIN = Date.parse('2026-11-22T12:00:00.000Z');

export interface Look {
  /** Seconds since the beginning. */
  readonly t: number;
  readonly readings: readonly Reading[];
  readonly counts: Counts;
  /** The loop starts with empty memory. */
  readonly forgets: boolean;
}

/** @param begin epoch milliseconds of second 0 */
export const remembering = (service: Service, tools: Tools, begin = BEGIN): ((look: Look) => Decided) => {
  let memory: ServiceMemory = {};
  return ({ t, readings, counts, forgets }) => {
    const decided = decide(
      { service, readings, counts, memory: forgets ? {} : memory },
      { at: new Date(begin + t * 1000).toISOString(), term: 1, disableScaleIn: false, tools },
    );
    memory = JSON.parse(JSON.stringify(decided.memory));
    return { decision: decided.decision, memory };
  };
};
