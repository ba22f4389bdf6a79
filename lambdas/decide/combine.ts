/** How the answers of several policies and sources become one. */
import type { Reading } from '../contract/records.ts';
import { type Answer, type Asked, isKnown, type KnownAnswer, measured } from './answers.ts';

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

const only = ({ recommendation: { to, adds }, reading }: KnownAnswer): Combined => ({ to, adds, reading });

/** The first of those that `wins` against every one before it. */
const best = (answers: readonly KnownAnswer[], wins: (one: number, other: number) => boolean) =>
  answers.reduce((champion, each) =>
    wins(each.recommendation.to, champion.recommendation.to) ? each : champion,
  );

export const highest = (answers: readonly KnownAnswer[]): KnownAnswer =>
  best(answers, (one, other) => one > other);

const sum = (answers: readonly KnownAnswer[]): Combined => {
  const adding = answers.flatMap(({ recommendation: { adds } }) => adds ?? []);
  return {
    to: answers.reduce((total, { recommendation: { to } }) => total + to, 0),
    adds: adding.length === answers.length ? adding.reduce((total, each) => total + each, 0) : undefined,
    reading: highest(answers).reading,
    why: answers.map(({ recommendation: { to } }) => to).join(' + '),
  };
};

/** A formula over the policies' answers. Where it can't be worked out, the highest of those that are known, as a floor. */
const formula = (
  text: string,
  all: readonly Answer[],
  known: readonly KnownAnswer[],
  asked: Asked,
): Combined => {
  const winner = highest(known);
  const value = measured(text, { numberOf: () => undefined, reading: winner.reading }, all, asked);
  if (!value.known) return { ...only(winner), why: `the highest, since ${value.why}`, unseen: value.why };
  const to = Math.max(0, Math.ceil(value.value));
  return { to, adds: undefined, reading: winner.reading, why: text };
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
      return only(highest(known));
    case 'min':
      return only(best(known, (one, other) => one < other));
    case 'first':
      return only(first);
    case 'sum':
      return known.length === 1 ? only(first) : sum(known);
    default:
      return formula(how, answers, known, asked);
  }
};
