/**
 * Notices and accepted scale-outs belong together one to one, by lane, term, time, cluster and service.
 *
 * A second notice of the same change is allowed only where nobody could know of the first: SNS's answer was lost, the execution died before
 * it could strike the notice off the lane's object, or Express ran it twice and both had been given the lease before either told.
 */
import type { RecordedPublication, RecordedUpdate, Recording } from '../recording.ts';
import { type Facts, idOf, type Violation } from './facts.ts';

const noticeId = ({ body }: Pick<RecordedPublication, 'body'>): string =>
  idOf(body.term, body.at, `${body.cluster}/${body.service}`);

const told = ({ body: { cluster, service, from, to, at, term } }: RecordedPublication): string =>
  `the notice ${cluster}/${service} ${from} -> ${to} of ${at} (term ${term})`;

/**
 * Somebody took the lane over by hand while the holder did not know what had become of its own change, and set the same count: by the
 * counts alone the old holder can't tell that it was not its own.
 */
const isMistaken = (
  { updates, executions }: Recording,
  { body, time, delivery }: RecordedPublication,
): boolean =>
  updates.some(
    (update) =>
      update.key === `${body.cluster}/${body.service}` &&
      update.to === body.to &&
      update.delivery !== delivery &&
      update.term > body.term &&
      update.time <= time &&
      executions.some((each) => each.delivery === update.delivery && each.by === 'story'),
  );

const untrue = ({ recording, violation }: Facts): readonly Violation[] =>
  recording.publications.flatMap((publication) => {
    const { time, body } = publication;
    const { lane, updates } = recording;
    if (body.lane !== lane) return [violation(time, `${told(publication)} names lane ${body.lane}`)];
    const id = noticeId(publication);
    const accepted = updates.find(
      ({ term, at, key, to, time: then }) => idOf(term, at, key) === id && to === body.to && then <= time,
    );
    return accepted === undefined && !isMistaken(recording, publication)
      ? [violation(time, `${told(publication)} went out, and ECS had accepted no such change`)]
      : [];
  });

const repeated = ({
  recording: { publications, leases, acquisitions },
  violation,
  mayBeLate,
}: Facts): readonly Violation[] => {
  const before = new Map<string, RecordedPublication>();
  return publications.flatMap((publication) => {
    const id = noticeId(publication);
    const first = before.get(id);
    before.set(id, publication);
    // What landed late was tried again long before.
    if (first === undefined || !first.answered) return [];
    if (!publication.answered && mayBeLate('sns:Publish', publication.time)) return [];
    // Of two that run as one execution, one has a stale term, and learns of it when it next acts.
    if (publication.execution === first.execution && publication.delivery !== first.delivery) return [];
    const between = <T extends { readonly time: number }>({ time }: T): boolean =>
      time > first.time && time < publication.time;
    const struck = leases.some(
      (each) => between(each) && each.lease?.notices.every((kept) => noticeId(kept) !== id),
    );
    const revived = acquisitions.some((each) => each.revived && between(each));
    return revived && !struck
      ? []
      : [violation(publication.time, `${told(publication)} went out a second time`)];
  });
};

/**
 * Somebody took the lane over by hand from one who had died, before the lease had run out. Nobody can tell then whether the old holder still tells
 * of its own changes, and so they are left to it: rather a notice too few than each of them twice.
 */
const isTakenOver = (
  { acquisitions, executions }: Recording,
  { delivery, time }: RecordedUpdate,
): boolean => {
  const died = executions.find((each) => each.delivery === delivery)?.ended;
  if (died === undefined) return false;
  const next = acquisitions.find((each) => each.acquired && each.time > died);
  const starter = executions.find((each) => each.delivery === next?.delivery);
  return time < died && next?.revived === false && starter?.by === 'story';
};

/**
 * The execution died after its change, and before anybody revived the lane somebody else had changed the count: it no longer tells that the change
 * was accepted.
 */
const isCovered = (
  { recording: { acquisitions }, meddled }: Facts,
  { key, time }: RecordedUpdate,
): boolean => {
  const revival = acquisitions.find((each) => each.revived && each.time > time);
  return revival !== undefined && meddled(key, time, revival.time);
};

/** How long a notice may take once nothing is in its way any more: a revival and some ticks. */
const TELLING_MS = 150_000;

const untold = (facts: Facts): readonly Violation[] => {
  const { recording, violation, decidedFor, isOvertaken, forgotten } = facts;
  const { publications, updates, ended, faults, pauses } = recording;
  const all = new Set(publications.map(noticeId));
  const lastTrouble = Math.max(
    ...faults.filter(({ hits }) => hits > 0).map(({ lastHit = ended }) => lastHit),
    ...pauses.map(({ until = ended }) => until),
  );
  return updates.flatMap((update) => {
    const { term, at, key, time, from, to } = update;
    const isOut = to > from && decidedFor(update)?.decision.direction === 'out';
    if (!isOut || all.has(idOf(term, at, key)) || Math.max(time, lastTrouble) + TELLING_MS > ended) return [];
    if (isOvertaken(update) || forgotten(time, ended) || isTakenOver(recording, update)) return [];
    if (isCovered(facts, update)) return [];
    return [
      violation(
        time,
        `nobody was told of ${key} ${from} -> ${to}, accepted for the tick of ${at} (term ${term})`,
      ),
    ];
  });
};

export const noticeViolations = (facts: Facts): readonly Violation[] => [
  ...untrue(facts),
  ...repeated(facts),
  ...untold(facts),
];
