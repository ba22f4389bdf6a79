/**
 * How the answers of several policies and sources become one. Who has no answer stops nobody: the others may still scale out,
 * and that something is unknown, which `decide.ts` tells the guards, keeps all from scaling in.
 */
import type { Reading } from '../contract/records.ts';
import { type Answer, type Asked, granted, isKnown, type KnownAnswer } from './answer.ts';
import { measured } from './measure.ts';
import { roundedUp } from './rounding.ts';

export interface Combined {
  readonly to: number;
  /** What the answer adds at every tick, where it is that of such a rule. */
  readonly adds: number | undefined;
  /** The reading it rests on. */
  readonly reading: Reading;
  /** For anything but the answer of one policy: how it came about. */
  readonly why?: string;
  /** Why it is only a floor. */
  readonly unseen?: string;
}

/** A count that a decision can hold. */
const whole = (count: number): number => Math.max(0, Math.min(Math.round(count), Number.MAX_SAFE_INTEGER));

const only = ({ recommendation: { to, adds }, reading }: KnownAnswer): Combined => ({ to, adds, reading });

/** The first of those that are higher than all before them; `sign` -1: lower. */
const extreme = (answers: readonly KnownAnswer[], asked: Asked, sign: 1 | -1): KnownAnswer =>
  answers.reduce((champion, each) =>
    sign * (granted(each, asked) - granted(champion, asked)) > 0 ? each : champion,
  );

export const highest = (answers: readonly KnownAnswer[], asked: Asked): KnownAnswer =>
  extreme(answers, asked, 1);

const sum = (answers: readonly KnownAnswer[], asked: Asked): Combined => {
  const given = answers.map((each) => granted(each, asked));
  return {
    to: whole(given.reduce((total, each) => total + each, 0)),
    adds: undefined,
    reading: highest(answers, asked).reading,
    why: given.join(' + '),
  };
};

/** A formula over the policies' answers. Where it can't be worked out, the highest of those that are known, as a floor. */
const formula = (
  text: string,
  all: readonly Answer[],
  known: readonly KnownAnswer[],
  asked: Asked,
): Combined => {
  const winner = highest(known, asked);
  const value = measured(text, { readings: [] }, all, asked);
  if (!value.known) return { ...only(winner), why: `the highest, since ${value.why}`, unseen: value.why };
  return { to: whole(roundedUp(value.value)), adds: undefined, reading: winner.reading, why: value.said };
};

/** @returns undefined: nobody has an answer */
export const combined = (answers: readonly Answer[], asked: Asked): Combined | undefined => {
  const known = answers.filter(isKnown);
  const [first] = known;
  if (first === undefined) return undefined;
  const how = asked.service.combine;
  switch (how) {
    case 'max':
    case 'highest':
      return only(highest(known, asked));
    case 'min':
      return only(extreme(known, asked, -1));
    case 'first':
      return only(first);
    case 'sum':
      return known.length === 1 ? only(first) : sum(known, asked);
    default:
      return formula(how, answers, known, asked);
  }
};
