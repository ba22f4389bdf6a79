/** What a worker can be asked. */
import type { Figures } from '../../local/simulation/figures/figures.ts';
import { factsOfLoad, figuresOfJob, type Job } from './job.ts';
import type { LoadFacts, LoadName } from './load.ts';

export type Question = { readonly run: Job } | { readonly describe: LoadName };

export const answerTo = (question: Question): Figures | LoadFacts | undefined =>
  'run' in question ? figuresOfJob(question.run) : factsOfLoad(question.describe);
