/**
 * Jobs of image generation (Stable Diffusion at Alibaba, 23 days), each with its own service time: 23 s in the median, 106 s in the
 * 99th percentile, 567 s at most. Those that failed are among them, since they took their time too (398); those that had not ended when
 * the file was written are not (33). What a job took "in total" may include some queueing, says the README of the data.
 *
 * Only 0.4 tasks were busy on average, so time is compressed until it is as many as asked for: 20 need ×39 (test) and ×48 (training); a
 * day is then 37 minutes long. Arrivals are known to the second, so they are spread inside theirs before.
 *
 * The long ones are the same jobs with each of them 3.5 times as long, 100 s in the mean, compressed as much less.
 */
import { randomOf } from '../../../local/simulation/random.ts';
import { rowsOf } from './file.ts';
import { BUSY, type Part, type TraceKind } from './kind.ts';

const FILE = 'alibaba_genai_requests_2024.csv';
const DAY = 86_400;

/** Days since the first; before the fifth there is hardly a job, and the last one is not whole. */
const DAYS: Readonly<Record<Part, readonly [from: number, until: number]>> = {
  training: [4, 14],
  test: [14, 23],
};

const HAVE_RUN = new Set(['SUCCEED', 'FAILED']);

interface Job {
  readonly at: number;
  readonly seconds: number;
}

const jobsOf = (part: Part): readonly Job[] | undefined => {
  const [from, until] = DAYS[part].map((day) => day * DAY) as [number, number];
  return rowsOf(FILE)
    ?.filter(([at, , status]) => HAVE_RUN.has(status ?? '') && Number(at) >= from && Number(at) < until)
    .map(([at, seconds]) => ({ at: Number(at) - from, seconds: Number(seconds) }));
};

const kind = (name: string, longer: number, about: string): TraceKind => ({
  ...{ name, about, file: FILE },
  split: 'training days 5 to 14, test days 15 to 23',
  load: (part, seed, busy = BUSY) => {
    const jobs = jobsOf(part);
    if (jobs === undefined) return undefined;
    const random = randomOf(`${name} ${part} arrivals`, seed);
    const work = Float64Array.from(jobs, (job) => job.seconds * longer);
    const seconds = Math.round(work.reduce((sum, each) => sum + each, 0) / busy);
    const [from, until] = DAYS[part];
    const compressed = seconds / ((until - from) * DAY);
    // Sorted alone: only jobs of the same second can change places by it.
    const arrivals = Float64Array.from(jobs, ({ at }) => (at + random()) * compressed).sort();
    return { name, arrivals, work, seconds };
  },
});

export const genai = kind(
  'genai',
  1,
  'Jobs of image generation at Alibaba with their own service times (29 s, to 567 s; real), time compressed',
);

export const genaiLong = kind(
  'genai-long',
  3.5,
  'genai with every job 3.5 times as long (100 s, to 1985 s), time compressed less',
);
