/** `cron`: a window of time in which there are so many replicas at least. */
import { cronProblem, isTimeZone } from '../../cron.ts';
import type { Fields } from '../values.ts';
import type { Trigger } from './trigger.ts';

/** @returns a window of `schedule`; undefined: refused or told */
export const cron = (trigger: Trigger, max: number): Fields | undefined => {
  const { metadata } = trigger;
  const start = trigger.required('start', 'when the window opens, in cron');
  const end = trigger.required('end', 'when it closes, in cron');
  const timezone = trigger.required('timezone', 'a time zone');
  const replicas = metadata.whole('desiredReplicas');
  if (replicas === undefined)
    metadata.refuse('desiredReplicas', 'required, how many replicas the window has');
  if (start === '' || end === '' || timezone === '' || replicas === undefined) return undefined;
  const odd = (
    [
      ['start', start],
      ['end', end],
    ] as const
  ).find(([, line]) => cronProblem(line) !== undefined);
  if (odd !== undefined) {
    metadata.note(odd[0], `No equivalent, the window is left out: ${cronProblem(odd[1])}.`);
    return undefined;
  }
  if (!isTimeZone(timezone)) metadata.refuse('timezone', 'expected an IANA time zone like "Europe/Berlin"');
  if (replicas > max)
    metadata.note('desiredReplicas', `Above maxReplicaCount, which is ${max}: so many it is here and there.`);
  return { start, end, timezone, min: Math.min(replicas, max) };
};
