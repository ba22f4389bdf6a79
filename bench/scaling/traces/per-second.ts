/** Files that count per second, so that their seconds are real (as far as thinning leaves them). */
import { countsOf } from './file.ts';
import { BUSY, type TraceKind } from './kind.ts';
import { fromBins } from './load-rule.ts';

interface PerSecond {
  readonly name: string;
  readonly about: string;
  readonly file: string;
  /** The training ends, and the test begins, so many seconds after the beginning. */
  readonly trainingSeconds: number;
  readonly split: string;
  readonly mostPerSecond?: number;
}

const perSecond = ({ trainingSeconds, mostPerSecond, ...told }: PerSecond): TraceKind => ({
  ...told,
  load: (part, seed, busy = BUSY) => {
    const all = countsOf(told.file);
    const counts = part === 'test' ? all?.slice(trainingSeconds) : all?.slice(0, trainingSeconds);
    const thinning = mostPerSecond === undefined ? {} : { mostPerSecond };
    return counts && fromBins({ name: told.name, part, seed, counts, width: 1, ...thinning }, busy);
  },
});

const QUARTER_DAY = 21_600;

export const twitter = perSecond({
  name: 'twitter',
  about:
    'Tweets of a day in August 2021, with bursts of seconds; counts per second (real), thinned from 65/s to 10/s',
  file: 'twitter_2021-08_day8_persec.csv',
  trainingSeconds: QUARTER_DAY,
  split: 'training the first 6 hours, test the other 17.5',
});

export const nasa = perSecond({
  name: 'nasa',
  about:
    'NASA KSC on the day STS-70 was launched, a flash crowd after a quiet night; counts per second (real), 1.6/s',
  file: 'nasa_http_1995-07-13_persec.csv',
  trainingSeconds: QUARTER_DAY,
  split: 'training the first 6 hours (quiet), test the other 18 (the launch)',
});

/** 100/s, so that what is flat stays flat: at 10/s a second would be off by 32 % by chance alone. */
export const wikibench = perSecond({
  name: 'wikibench',
  about:
    'An hour of Wikipedia in 2007, flat (cv 0.03): a control; counts per second (real), thinned from 2,935/s to 100/s',
  file: 'wikibench_2007_persec.csv',
  trainingSeconds: 1800,
  split: 'training the first half hour, test the second',
  mostPerSecond: 100,
});
