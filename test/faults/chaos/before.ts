/** The last events before a violation, from all lists of a recording, for whoever has to find out how it came about. */
import type { Recording } from '../recording.ts';

interface Line {
  readonly time: number;
  readonly what: string;
}

const linesOf = (recording: Recording): readonly Line[] => {
  const { executions, acquisitions, updates, publications, faults, leases, events, loads, decisions } =
    recording;
  const line = (time: number, what: string): Line => ({ time, what });
  return [
    ...executions.flatMap(({ began, by, delivery, skewMs, ended, how }) => [
      line(began, `execution ${delivery} is started by ${by}, its clock ${skewMs} ms ahead`),
      ...(ended === undefined ? [] : [line(ended, `execution ${delivery} is over: ${how}`)]),
    ]),
    ...acquisitions.map(({ time, delivery, acquired, term, revived, why }) =>
      line(
        time,
        `execution ${delivery} ${acquired ? `takes term ${term}${revived ? ', revived' : ''}` : `is refused: ${why}`}`,
      ),
    ),
    ...decisions
      .filter(({ decision: { direction } }) => direction !== 'hold')
      .map(({ time, delivery, decision: { service, from, to, at } }) =>
        line(time, `execution ${delivery} decides ${service} ${from} -> ${to} for ${at}`),
      ),
    ...updates.map(({ time, delivery, key, from, to, answered }) =>
      line(
        time,
        `ECS accepts ${key} ${from} -> ${to} of execution ${delivery}${answered ? '' : ', unheard'}`,
      ),
    ),
    ...publications.map(({ time, delivery, answered, body: { service, from, to, at } }) =>
      line(
        time,
        `SNS accepts ${service} ${from} -> ${to} of ${at} by execution ${delivery}${answered ? '' : ', unheard'}`,
      ),
    ),
    ...faults.flatMap(({ name, hits, firstHit, lastHit }) => [
      ...(firstHit === undefined ? [] : [line(firstHit, `${name} begins, of ${hits} in all`)]),
      ...(lastHit === undefined || lastHit === firstHit ? [] : [line(lastHit, `${name} for the last time`)]),
    ]),
    ...leases.map(({ time, lease, by }) =>
      line(
        time,
        `${by === 'story' ? 'the story' : `${by.room} of execution ${by.delivery}`} writes ${lease === undefined ? 'no lease' : `term ${lease.term}, ${lease.notices?.length ?? 0} notices, until ${lease.expiresAt}`}`,
      ),
    ),
    ...events.map(({ time, what }) => line(time, what.slice(0, 200))),
    ...loads.map(({ time, key, messages }) => line(time, `${messages} messages wait for ${key}`)),
  ].toSorted((one, other) => one.time - other.time);
};

/** @returns so many lines, the violation's own time the last */
export const eventsBefore = (recording: Recording, time: number, most: number): readonly string[] =>
  linesOf(recording)
    .filter((each) => each.time <= time)
    .slice(-most)
    .map(
      (each) => `+${((each.time - recording.began) / 1000).toFixed(1)} s  ${each.what.replaceAll('\n', ' ')}`,
    );
