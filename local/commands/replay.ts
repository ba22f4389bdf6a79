/** `pulsescale replay`: what would this configuration have done with that load? */
import { sourceSchema } from '../../lambdas/collect/sources/registry.ts';
import { policiesOf, type Service } from '../../lambdas/contract/config.ts';
import { loadConfigFile } from '../../lib/config-file.ts';
import { type Case, casesOf } from '../replay/loads.ts';
import { checkPlotName, type Drawn, servicePlot, writePlots } from '../replay/plot.ts';
import { type How, measured, replayed } from '../replay/replayed.ts';
import { type Shown, summary } from '../replay/summary.ts';

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

const shownOf = async (asked: Case, how: How, json: boolean): Promise<Shown> => {
  const config = await replayed(asked, how, asked.service, (decision) => {
    if (json) process.stdout.write(`${JSON.stringify({ kind: 'decision', ...decision })}\n`);
  });
  const log = asked.logged === undefined ? undefined : measured(asked, asked.logged, how.target);
  return { asked, config, log, target: how.target };
};

export const replayCommand = async (flags: ReplayFlags): Promise<void> => {
  checkPlotName(flags.plot);
  const config = loadConfigFile(flags.config, sourceSchema, process.env);
  const { interval = config.loop.interval, seed, json = false, plot } = flags;
  const drawn: Drawn[] = [];
  const texts: string[] = [];
  for (const asked of casesOf(config, flags, tell)) {
    const how: How = { interval, seed, target: flags.target ?? targetOf(asked.service) };
    const shown = await shownOf(asked, how, json);
    const text = summary(shown);
    texts.push(text);
    (json ? process.stderr : process.stdout).write(`${text}\n`);
    if (plot !== undefined) drawn.push({ heading: asked.key, plot: servicePlot(shown) });
  }
  if (plot !== undefined)
    for (const file of writePlots(plot, drawn, texts.join('\n'))) tell(`${file} is written`);
};
