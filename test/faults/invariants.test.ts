/** The rules themselves: a clean story passes, and whatever goes against one of them is found and said in a sentence with its time. */
import { expect, test } from '@jest/globals';
import {
  after,
  clean,
  decisionOf,
  doer,
  faultOf,
  leaseOf,
  pauseOf,
  publicationOf,
  ticksOf,
  updateOf,
} from './invariants/written.ts';
import { violationsIn, violationsOf } from './invariants.ts';
import type { Recording } from './recording.ts';

/** A clean story in which lists have got longer. */
const withMore = (more: { readonly [key in keyof Recording]?: Recording[key] }): Recording => {
  const story = clean();
  const lists = Object.entries(more).map(([key, given]) => {
    const before = story[key as keyof Recording];
    return [key, Array.isArray(before) && Array.isArray(given) ? [...before, ...given] : given];
  });
  return { ...story, ...Object.fromEntries(lists) };
};

const OUT = { seconds: 100, from: 2, to: 6, term: 2 };
const IN = { seconds: 105, from: 2, to: 1, term: 2 };

/** OUT went well, and SNS's first answer did or did not arrive. */
const toldTwice = (answered: boolean, between: Partial<Recording> = {}): Recording =>
  withMore({
    decisions: [decisionOf(OUT)],
    updates: [updateOf(OUT)],
    publications: [publicationOf(OUT, { answered }), publicationOf(OUT, { time: after(115) })],
    ...between,
  });

/** No execution after 30 s. */
const deadSince30 = (story: Partial<Recording>): Recording =>
  clean({
    executions: clean()
      .executions.slice(0, 1)
      .map((each) => ({ ...each, ended: after(30), how: 'killed' })),
    acquisitions: clean().acquisitions.slice(0, 1),
    ticks: clean().ticks.filter(({ time }) => time <= after(30)),
    updates: clean().updates.slice(0, 1),
    ...story,
  });

test.each<[string, Recording]>([
  ['a clean story', clean()],
  [
    'a repeat that changes nothing',
    withMore({ updates: [updateOf({ seconds: 70, from: 2, to: 2, term: 2 }, { time: after(72) })] }),
  ],
  [
    'an older decision that the network brought late',
    withMore({
      faults: [faultOf({ how: 'late', api: 'ecs:UpdateService', firstHit: after(40), lastHit: after(41) })],
      updates: [updateOf({ seconds: 40, from: 2, to: 3 }, { time: after(72), answered: false })],
    }),
  ],
  ['a notice twice where the answer of SNS was lost', toldTwice(false)],
  [
    'a notice twice where the execution died before it could strike it off',
    toldTwice(true, {
      acquisitions: [{ ...doer(3), time: after(108), acquired: true, term: 3, revived: true }],
    }),
  ],
  [
    'a notice twice where Express ran the execution twice',
    withMore({
      decisions: [decisionOf(OUT)],
      updates: [updateOf(OUT)],
      publications: [publicationOf(OUT), { ...publicationOf(OUT, { time: after(115) }), delivery: 3 }],
    }),
  ],
  [
    'silence while a fault lasts, and a tick soon after it',
    clean({
      ticks: clean().ticks.filter(({ time }) => time <= after(70) || time >= after(110)),
      faults: [faultOf({ firstHit: after(70), lastHit: after(98) })],
    }),
  ],
  ['silence for less than two minutes of a lane that died', deadSince30({})],
  [
    'silence while the lane is paused',
    clean({
      ticks: clean().ticks.filter(({ time }) => time <= after(70)),
      pauses: [{ from: after(72) }],
    }),
  ],
  [
    'a scale-in soon after another, of which nobody could know any more',
    withMore({
      executions: [{ ...doer(3), began: after(103), by: 'reviver', skewMs: 0 }],
      acquisitions: [{ ...doer(3), time: after(103), acquired: true, term: 3, revived: false }],
      ticks: ticksOf(3, 103, 120),
      leases: [{ time: after(80), key: 'lanes/default/lease.json', text: '', by: 'story' }, leaseOf(103, 3)],
      decisions: [decisionOf({ ...IN, term: 3, seconds: 98 })],
      updates: [updateOf({ ...IN, term: 3, seconds: 98 }, { time: after(106) })],
    }),
  ],
  [
    'a repeat after somebody else has set another count',
    withMore({
      events: [{ time: after(75), what: 'somebody sets shop/orders to 9' }],
      updates: [updateOf({ seconds: 70, from: 9, to: 2, term: 2 }, { time: after(78) })],
    }),
  ],
  [
    'a count brought back to the maximum, unseen and in a cooldown',
    withMore({
      decisions: [decisionOf({ ...IN, seconds: 80, from: 14, to: 10 }, false)],
      updates: [updateOf({ ...IN, seconds: 80, from: 14, to: 10 })],
    }),
  ],
  [
    'a second notice that was sent before the first was heard of, and came late',
    withMore({
      faults: [faultOf({ how: 'late', api: 'sns:Publish', firstHit: after(10), lastHit: after(10) })],
      publications: [publicationOf({ seconds: 10, from: 1, to: 5 }, { time: after(20), answered: false })],
    }),
  ],
  [
    'a count within the tolerance of the right one',
    clean({ counts: [{ key: 'shop/orders', desired: 20, right: 19 }] }),
  ],
])('no violation: %s', (_, story) => {
  expect(violationsOf(story)).toEqual([]);
});

test.each<[string, Recording, RegExp]>([
  [
    'two deliveries act on one term',
    withMore({
      decisions: [decisionOf(OUT)],
      updates: [updateOf({ ...OUT, delivery: 9 })],
      publications: [publicationOf(OUT)],
    }),
    /^\+100\.0 s: delivery 9 set shop\/orders to 6 on term 2, on which delivery 2 took the lane before$/,
  ],
  [
    'two deliveries save on one term',
    withMore({ leases: [leaseOf(75, 2, 9)] }),
    /delivery 9 saved its memory on term 2/,
  ],
  [
    'two deliveries take one term',
    withMore({ acquisitions: [{ ...doer(9), time: after(75), acquired: true, term: 2, revived: false }] }),
    /delivery 9 took the lane on term 2/,
  ],
  ['a term that falls', withMore({ leases: [leaseOf(75, 1)] }), /^\+75\.0 s: .*from term 2 to 1$/],
  [
    'a decision that has its effect twice',
    withMore({ updates: [updateOf({ seconds: 70, from: 3, to: 2, term: 2 }, { time: after(90) })] }),
    /^\+90\.0 s: the decision of \S+ on shop\/orders had its effect a second time, 3 -> 2$/,
  ],
  [
    'an older decision that undoes a newer one',
    withMore({
      decisions: [decisionOf({ seconds: 45, from: 2, to: 9 })],
      updates: [updateOf({ seconds: 45, from: 2, to: 9 }, { time: after(90) })],
      publications: [publicationOf({ seconds: 45, from: 2, to: 9 }, { time: after(91) })],
    }),
    /\(term 1\) set shop\/orders 2 -> 9 after that of \S+ \(term 2\)$/,
  ],
  [
    'a change in a paused lane',
    withMore({ pauses: [{ from: after(45), until: after(90) }] }),
    /^\+70\.0 s: shop\/orders 3 -> 2 in a paused lane$/,
  ],
  [
    'a change of a paused service',
    withMore({ leases: [pauseOf(45)] }),
    /^\+70\.0 s: shop\/orders 3 -> 2 while in of \* is paused$/,
  ],
  [
    'a count above the bounds',
    withMore({
      decisions: [decisionOf({ ...OUT, to: 11 })],
      updates: [updateOf({ ...OUT, to: 11 })],
    }),
    /^\+100\.0 s: shop\/orders was set to 11, which is not within 1\.\.10$/,
  ],
  [
    'a count lowered on an unknown reading',
    withMore({ decisions: [decisionOf({ seconds: 50, from: 5, to: 4 }, false)] }),
    /lowered from 5 to 4 while the reading could not be seen/,
  ],
  [
    'a count lowered on unknown counts',
    withMore({ decisions: [{ ...decisionOf({ seconds: 50, from: 5, to: 4 }), counted: false }] }),
    /while the counts could not be seen/,
  ],
  [
    'a change that nobody decided',
    withMore({ updates: [updateOf({ seconds: 100, from: 2, to: 1, term: 2 })] }),
    /nobody had decided that/,
  ],
  [
    'a forgotten cooldown',
    withMore({
      decisions: [decisionOf({ ...IN, seconds: 95 })],
      updates: [updateOf({ ...IN, seconds: 95 })],
    }),
    /scale-in of shop\/orders 2 -> 1 only 25 s after 3 -> 2, the cooldown is 30 s/,
  ],
  [
    'a notice of nothing',
    withMore({ publications: [publicationOf(OUT)] }),
    /^\+101\.0 s: the notice shop\/orders 2 -> 6 of \S+ \(term 2\) went out, and ECS had accepted no such change$/,
  ],
  ['a notice told twice', toldTwice(true), /^\+115\.0 s: the notice .* went out a second time$/],
  [
    'a notice told twice after it was struck off',
    toldTwice(true, {
      acquisitions: [{ ...doer(3), time: after(112), acquired: true, term: 3, revived: true }],
      leases: [leaseOf(108, 2)],
    }),
    /went out a second time$/,
  ],
  [
    'an accepted scale-out of which nobody was told',
    clean({ publications: [], ended: after(400), ticks: [...clean().ticks, ...ticksOf(2, 125, 400)] }),
    /^\+10\.0 s: nobody was told of shop\/orders 1 -> 5/,
  ],
  [
    'a holder that does not tick',
    clean({ ticks: clean().ticks.filter(({ time }) => time <= after(80)) }),
    /^\+120\.0 s: no tick since \+80\.0 s, though the lane had a holder for 40 s of it$/,
  ],
  [
    'a holder that ticks too long after a fault',
    clean({
      ticks: clean().ticks.filter(({ time }) => time <= after(70) || time >= after(115)),
      faults: [faultOf({ firstHit: after(70), lastHit: after(98) })],
    }),
    /^\+115\.0 s: no tick since \+98\.0 s/,
  ],
  [
    'a second notice that was sent after the first had been heard',
    withMore({
      publications: [publicationOf({ seconds: 10, from: 1, to: 5 }, { time: after(20), answered: false })],
    }),
    /went out a second time$/,
  ],
  [
    'a lane that nobody revives',
    deadSince30({ ended: after(200) }),
    /^\+200\.0 s: no tick since \+30\.0 s, and nobody lived for 170 s of it$/,
  ],
  [
    'ticks of one who has lost the lane',
    clean({ ticks: clean().ticks.map((each) => ({ ...each, term: Math.min(each.term, 1) })) }),
    /no tick since/,
  ],
  [
    'a wrong count in the end',
    clean({ counts: [{ key: 'shop/orders', desired: 2, right: 7 }] }),
    /^\+120\.0 s: in the end shop\/orders has 2 tasks where 7 are right$/,
  ],
])('found: %s', (_, story, sentence) => {
  expect(violationsOf(story)).toContainEqual(expect.stringMatching(sentence));
});

test('violations come in the order of time', () => {
  const times = violationsIn(
    withMore({ counts: [{ key: 'shop/orders', desired: 2, right: 7 }], publications: [publicationOf(OUT)] }),
  ).map(({ time }) => time);
  expect(times).toEqual([after(101), after(120)]);
});
