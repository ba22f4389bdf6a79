/** The faults that are in force, and which call meets which. */
import type { Call, Fault, Injected } from './fault.ts';
import type { RecordedFault } from './recording.ts';

export interface Injections {
  readonly inject: (fault: Fault) => Injected;
  /** The fault that this call meets, if any; to be asked once for each call. */
  readonly meet: (call: Call) => Fault | undefined;
}

interface Active {
  readonly fault: Fault;
  readonly record: RecordedFault;
  matched: number;
}

const matches = ({ api, room, where }: Fault, call: Call): boolean =>
  (api === undefined || api === call.api) &&
  (room === undefined || room === call.room) &&
  (where === undefined || where(call));

/** @param records where each injected fault is written down */
export const createInjections = (now: () => number, records: RecordedFault[]): Injections => {
  const active = new Set<Active>();
  const isHit = (each: Active, call: Call): boolean => {
    const { skip = 0, times = Number.POSITIVE_INFINITY } = each.fault;
    if (!matches(each.fault, call)) return false;
    each.matched += 1;
    return each.matched > skip && each.matched <= skip + times;
  };
  return {
    inject: (fault) => {
      const { name = `${fault.api ?? 'any call'}: ${fault.how}`, how, api = 'any' } = fault;
      const one: Active = { fault, record: { name, how, api, from: now(), hits: 0 }, matched: 0 };
      active.add(one);
      records.push(one.record);
      return {
        hits: () => one.record.hits,
        end: () => {
          if (active.delete(one)) one.record.until = now();
        },
      };
    },
    meet: (call) => {
      const met = [...active].find((each) => isHit(each, call));
      if (met === undefined) return undefined;
      met.record.hits += 1;
      met.record.firstHit ??= now();
      met.record.lastHit = now();
      return met.fault;
    },
  };
};
