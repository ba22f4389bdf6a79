/**
 * Wilcoxon's signed-rank test: are the differences of pairs as likely above 0 as below, two-sided? (Wilcoxon, "Individual comparisons by
 * ranking methods", Biometrics Bulletin 1, 1945.)
 *
 * Pairs without a difference are left out, as in the original; equal differences share the mean of their ranks. Up to 200 pairs the
 * probability is exact with equal ranks too: each rank is positive with probability ½, so the distribution of their sum is made one
 * rank after the other, in half ranks so that a mean of two is whole (200 pairs: 8 million additions, 10 ms). Published tables know no
 * ties. @stdlib/stats-wilcoxon would be the library: 232 packages, and the normal distribution wherever two differences are equal.
 */
export interface SignedRank {
  /** Pairs that differ. */
  readonly n: number;
  /** Sums of the ranks of the positive and of the negative differences. */
  readonly positive: number;
  readonly negative: number;
  /** 0 to 1; 1 where nothing differs. */
  readonly p: number;
}

const EXACT_UP_TO = 200;

/** Ranks from 1 on of ascending values, equal ones with the mean of theirs. */
const ranksOf = (ascending: readonly number[]): number[] => {
  const ranks: number[] = [];
  while (ranks.length < ascending.length) {
    const first = ranks.length;
    let next = first;
    while (next < ascending.length && ascending[next] === ascending[first]) next += 1;
    for (let nth = first; nth < next; nth += 1) ranks.push((first + 1 + next) / 2);
  }
  return ranks;
};

/** The probability that the positive ranks sum up to so much or less. */
const exactly = (ranks: readonly number[], sum: number): number => {
  const halves = ranks.map((rank) => Math.round(2 * rank));
  const total = halves.reduce((all, each) => all + each, 0);
  const probability = new Float64Array(total + 1);
  probability[0] = 1;
  let reached = 0;
  for (const half of halves) {
    reached += half;
    for (let at = reached; at >= 0; at -= 1)
      probability[at] = ((probability[at] ?? 0) + (at >= half ? (probability[at - half] ?? 0) : 0)) / 2;
  }
  return probability.subarray(0, Math.round(2 * sum) + 1).reduce((all, each) => all + each, 0);
};

/** P(Z > z) for z ≥ 0, within 7.5e-8: Abramowitz and Stegun, Handbook of Mathematical Functions, 26.2.17. */
const above = (z: number): number => {
  const t = 1 / (1 + 0.2316419 * z);
  const polynomial = [1.330274429, -1.821255978, 1.781477937, -0.356563782, 0.31938153].reduce(
    (sum, each) => (sum + each) * t,
    0,
  );
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * polynomial;
};

/** By the normal distribution. Σ rank² ÷ 4 is the variance, ties or none: (n(n+1)(2n+1) - Σ(t³ - t) ÷ 2) ÷ 24 in the textbooks. */
const about = (ranks: readonly number[], sum: number): number => {
  const mean = ranks.reduce((all, rank) => all + rank, 0) / 2;
  const variance = ranks.reduce((all, rank) => all + rank * rank, 0) / 4;
  return above((mean - sum) / Math.sqrt(variance));
};

/** `exactUpTo`: so many pairs that differ; more are compared by the normal distribution, without correction for continuity. */
export const signedRank = (differences: readonly number[], exactUpTo = EXACT_UP_TO): SignedRank => {
  const sorted = differences.filter((each) => each !== 0).sort((a, b) => Math.abs(a) - Math.abs(b));
  const ranks = ranksOf(sorted.map(Math.abs));
  const sumOf = (sign: number): number =>
    ranks.reduce((all, rank, nth) => all + (Math.sign(sorted[nth] ?? 0) === sign ? rank : 0), 0);
  const n = sorted.length;
  const [positive, negative] = [sumOf(1), sumOf(-1)];
  const smaller = Math.min(positive, negative);
  const tail = n === 0 ? 1 : n <= exactUpTo ? exactly(ranks, smaller) : about(ranks, smaller);
  return { n, positive, negative, p: Math.min(1, 2 * tail) };
};
