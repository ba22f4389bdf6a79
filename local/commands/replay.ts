/** `pulsescale replay`: what would this configuration have done with that load? */
import { sourceSchema } from '../../lambdas/collect/sources/registry.ts';
import { capacitiesOf, policiesOf, type Service } from '../../lambdas/contract/config.ts';
import { expand } from '../../lambdas/contract/expand.ts';
import type { Decision } from '../../lambdas/contract/records.ts';
import { parseRead, readConfigFile } from '../../lib/config-file.ts';
import { translationNotice } from '../../lib/translation-notice.ts';
import { type Case, casesOf } from '../replay/loads.ts';
import { checkPlotName, type Drawn, servicePlot, writePlots } from '../replay/plot.ts';
import { type How, measured, replayed } from '../replay/replayed.ts';
import { type Other, type Shown, summary } from '../replay/summary.ts';
import { configured } from '../replay/tune/candidates.ts';
import { tunedPlot, tunedReport } from '../replay/tune/report.ts';
import { tune } from '../replay/tune/tune.ts';
import { meanWork } from '../simulation/trace.ts';

export interface ReplayFlags {
  readonly config: string;
  readonly trace?: string;
  readonly decisions?: string;
  readonly service?: string;
  readonly startUp: number;
  readonly work?: number;
  readonly target?: number;
  readonly interval?: number;
  readonly seed: number;
  readonly json?: boolean;
  readonly plot?: string;
  readonly tune?: boolean;
  readonly late: number;
}

/** What the service promises, where its policy names a wait. */
const targetOf = (service: Service): number =>
  policiesOf(service)
    .map((policy) => (policy.type === 'queueDelay' ? policy.target : undefined))
    .find((target) => target !== undefined) ?? 30;

const tell = (said: string): void => {
  process.stderr.write(`${said}\n`);
};

const logOf = (asked: Case, { target }: How): readonly Other[] =>
  asked.logged === undefined ? [] : [{ name: 'the log', run: measured(asked, asked.logged, target) }];

const decisionLine = (decision: Decision): void => {
  process.stdout.write(`${JSON.stringify({ kind: 'decision', ...decision })}\n`);
};

/** On a terminal one line that is written over, elsewhere every tenth part. */
const progress = (key: string): ((done: number, of: number) => void) => {
  let told = 0;
  return (done, of) => {
    const { isTTY } = process.stderr;
    if (!isTTY && Math.floor((10 * done) / of) === Math.floor((10 * told) / of)) return;
    told = done;
    const said = `${key}: ${done} of ${of} configurations`;
    process.stderr.write(isTTY ? `\r${said}${done === of ? '\n' : ''}` : `${said}\n`);
  };
};

interface Answer {
  readonly text: string;
  readonly drawn: () => readonly Drawn[];
}

const replayOf = async (asked: Case, how: How, { json = false }: ReplayFlags): Promise<Answer> => {
  const config = await replayed(asked, how, asked.service, json ? decisionLine : undefined);
  const shown: Shown = {
    ...{ asked, name: 'this configuration', config, others: logOf(asked, how), target: how.target },
  };
  return { text: summary(shown), drawn: () => [{ heading: asked.key, plot: servicePlot(shown) }] };
};

/** The best of a sweep, and what it does with the load. */
const tuningOf = async (asked: Case, how: How, raw: unknown, flags: ReplayFlags): Promise<Answer> => {
  const { key, trace } = asked;
  const { target } = how;
  const { json = false } = flags;
  const tuned = await tune(asked, how, {
    configured: configured(raw, key),
    known: { target, work: meanWork(trace), startUp: flags.startUp },
    allowed: flags.late,
    tell: progress(key),
  });
  const config = await replayed(asked, how, tuned.best.candidate.service, json ? decisionLine : undefined);
  const before: Other = { name: 'as configured', run: await replayed(asked, how) };
  const shown: Shown = {
    ...{ asked, name: 'tuned', config, others: [before, ...logOf(asked, how)], target },
  };
  const report = tunedReport(key, tuned, target, flags.late);
  return {
    text: `${report}\nWith these values\n\n${summary(shown)}`,
    drawn: () => [
      { heading: `${key}: what punctuality costs`, plot: tunedPlot(key, tuned, target, flags.late) },
      { heading: `${key}: with the best values`, plot: servicePlot(shown) },
    ],
  };
};

export const replayCommand = async (flags: ReplayFlags): Promise<void> => {
  checkPlotName(flags.plot);
  const read = readConfigFile(flags.config, process.env);
  const config = parseRead(read, sourceSchema);
  const notice = translationNotice(read, flags.config);
  if (notice !== undefined) tell(notice);
  if (config.groups !== undefined || capacitiesOf(config).length > 0)
    tell(
      'each service is replayed alone: budgets that services share (groups) and EC2 hosts (capacity) are left out',
    );
  const { raw } = expand(read.raw);
  const { interval = config.loop.interval, seed, plot } = flags;
  const answers: Answer[] = [];
  for (const asked of casesOf(config, flags, tell)) {
    const how: How = { interval, seed, target: flags.target ?? targetOf(asked.service) };
    const answer = await (flags.tune ? tuningOf(asked, how, raw, flags) : replayOf(asked, how, flags));
    answers.push(answer);
    (flags.json ? process.stderr : process.stdout).write(`${answer.text}\n`);
  }
  if (plot === undefined) return;
  const drawn = answers.flatMap((answer) => answer.drawn());
  for (const file of writePlots(plot, drawn, answers.map(({ text }) => text).join('\n')))
    tell(`${file} is written`);
};
