/**
 * The site of the FIFA World Cup 1998, per minute: flash crowds at each match. Requests of a minute are spread uniformly in it, so
 * nothing faster than a minute is real; of some 10^7 a day, 864,000 are left by chance, which keeps the shape.
 */
import { rowsOf } from './file.ts';
import { BUSY, type TraceKind } from './kind.ts';
import { fromBins } from './load-rule.ts';

const FILE = 'worldcup98_permin.csv';

/** From 00:00 to 24:00 UTC. */
const day = (date: string): readonly number[] | undefined =>
  rowsOf(FILE)
    ?.filter(([minute]) => minute?.startsWith(date))
    .map(([, count]) => Number(count));

const tested = (name: string, test: string, training: string, what: string): TraceKind => ({
  name,
  about: `World Cup 1998, ${what}; counts per minute (real), seconds by chance, thinned to 10/s`,
  file: FILE,
  split: `test ${test}, training ${training} (UTC)`,
  load: (part, seed, busy = BUSY) => {
    const counts = day(part === 'test' ? test : training);
    return counts && fromBins({ name, part, seed, counts, width: 60 }, busy);
  },
});

/** Two matches in the evening, the busiest day of all; and the sharpest peak of all, 8.4 times the mean. */
export const worldcup: readonly TraceKind[] = [
  tested('wc98-06-30', '1998-06-30', '1998-06-26', 'two matches, peak 4.1 times the mean'),
  tested('wc98-07-08', '1998-07-08', '1998-07-07', 'a semi-final, peak 8.4 times the mean'),
];
