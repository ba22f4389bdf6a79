/**
 * Requests to language models in Azure, each with its own moment (ms), so all of their time is real: "code" comes and goes (three
 * quarters of its seconds are empty), "conv" is nearly Poisson. How long they took is not in the files.
 *
 * The long ones are the same arrivals in slow motion, for messages of 100 s: longer than a wait target of 60 s. Tasks start as
 * slowly as ever, which is then little beside a message.
 */
import { randomOf } from '../../../local/simulation/random.ts';
import { rowsOf } from './file.ts';
import { BUSY, type Part, type TraceKind } from './kind.ts';
import { type Arrived, stretched, withWork } from './load-rule.ts';

/** 40 % of the 58 minutes: more would leave less than half an hour to test. */
const TRAINING_SHARE = 0.4;
const LONG_SECONDS = 100;

interface Recorded {
  readonly name: string;
  readonly file: string;
  /** Of the file, whole ones: the last request comes shortly before. */
  readonly seconds: number;
}

const arrived = ({ name, file, seconds }: Recorded, part: Part): Arrived | undefined => {
  const rows = rowsOf(file);
  if (rows === undefined) return undefined;
  const cut = Math.round(seconds * TRAINING_SHARE);
  const [from, until] = part === 'training' ? [0, cut] : [cut, seconds];
  const arrivals = Float64Array.from(rows, ([at]) => Number(at))
    .filter((at) => at >= from && at < until)
    .map((at) => at - from);
  return { name, arrivals, seconds: until - from };
};

interface Shown extends Recorded {
  readonly about: string;
  /** Mean seconds of work; unset: what makes enough tasks busy in the time that was recorded. */
  readonly meanWork?: number;
}

const kind = ({ about, meanWork, ...recorded }: Shown): TraceKind => ({
  ...{ name: recorded.name, about, file: recorded.file },
  split: 'training the first 40 % of the time, test the rest',
  load: (part, seed, busy = BUSY) => {
    const found = arrived(recorded, part);
    if (found === undefined) return undefined;
    const timed = meanWork === undefined ? found : stretched(found, meanWork, busy);
    return withWork(timed, busy, randomOf(`${recorded.name} ${part} work`, seed));
  },
});

const code = { file: 'azure_llm_code_2023.csv', seconds: 3440 };
const conv = { file: 'azure_llm_conv_2023.csv', seconds: 3505 };

export const azureLlm: readonly TraceKind[] = [
  kind({
    ...{ ...code, name: 'azure-code' },
    about: 'Requests for code to a language model in Azure, on and off; every arrival real (ms)',
  }),
  kind({
    ...{ ...conv, name: 'azure-conv' },
    about: 'Requests to a chat model in Azure, nearly Poisson: a control; every arrival real (ms)',
  }),
];

export const azureLlmLong: readonly TraceKind[] = [
  kind({
    ...{ ...code, name: 'azure-code-long', meanWork: LONG_SECONDS },
    about: 'azure-code in slow motion (×11), messages of 100 s; order and proportions real',
  }),
  kind({
    ...{ ...conv, name: 'azure-conv-long', meanWork: LONG_SECONDS },
    about: 'azure-conv in slow motion (×29), messages of 100 s; order and proportions real',
  }),
];
