/**
 * `pulsescale check`: is this configuration right, and what does it mean? For the configuration of another scaler: the same in our own words,
 * and every point in which the two behave differently.
 */
import { sourceSchema } from '../../lambdas/collect/sources/registry.ts';
import type { Config } from '../../lambdas/contract/config.ts';
import { ConfigError } from '../../lambdas/contract/errors.ts';
import { warningsIn } from '../../lambdas/contract/warnings.ts';
import { readEnvironment } from '../../lib/config-environment.ts';
import { joined, type Outcome, parseRead, type ReadConfig, readEach } from '../../lib/config-file.ts';
import { counted, differencesOf } from '../../lib/translation-notice.ts';
import { concise } from '../check/concise.ts';
import { yamlOf } from '../check/markup.ts';
import { besides, save } from '../check/save.ts';
import { summaryOf } from '../check/summary.ts';
import { verdicts } from '../check/verdicts.ts';

export interface CheckFlags {
  readonly json?: boolean;
  /** `true`: where it usually goes. */
  readonly write?: string | true;
  readonly force?: boolean;
}

const print = (stream: NodeJS.WritableStream, lines: readonly string[]): void => {
  if (lines.length > 0) stream.write(`${lines.join('\n')}\n`);
};

const NOTHING =
  'there is no configuration: name a file or a folder, or set the variables of a scaler that is configured so, ECS_CLUSTER and SERVICE_NAME for one';

const environment = (): ReadConfig => {
  const read = readEnvironment(process.env);
  if (read === undefined) throw new ConfigError([{ path: '', message: NOTHING }], 'the environment');
  if (read.notice !== undefined) print(process.stderr, [read.notice]);
  return read;
};

/** `services[1].idle: …` with the place of that in its file. */
const placed = (warning: string, { locate }: ReadConfig): string =>
  warning.replace(/^services\[\d+\][\w.[\]]*/, (path) => {
    const [problem] = locate(new ConfigError([{ path, message: '' }])).problems;
    return problem?.path ?? path;
  });

interface Checked {
  readonly read: ReadConfig;
  readonly config: Config;
}

const checked = (read: ReadConfig): Checked => ({ read, config: parseRead(read, sourceSchema) });

/** Of several files each has its verdict first, whatever becomes of the whole. */
const checkedFiles = (path: string, tell: (lines: readonly string[]) => void): Checked => {
  const outcomes: readonly Outcome[] = readEach(path, process.env);
  const tellVerdicts = (error?: ConfigError) => {
    if (outcomes.length > 1) tell(verdicts(outcomes, error?.problems ?? []));
  };
  try {
    const found = checked(joined(outcomes, path));
    tellVerdicts();
    return found;
  } catch (thrown) {
    if (thrown instanceof ConfigError) tellVerdicts(thrown);
    throw thrown;
  }
};

const differenceLines = (read: ReadConfig): readonly string[] => {
  const differences = differencesOf(read);
  if (differences.length === 0) return ['Nothing differs.'];
  return [
    `${counted(differences.length, 'difference')}:`,
    ...differences.map(({ place, why }) => `${place}: ${why}`),
  ];
};

/** The text for people: our own shape with everything that it means, a translation as it would be written. */
const report = (name: string, { read, config }: Checked): readonly string[] => {
  const { name: lane, interval } = config.loop;
  const dialects = [...new Set(read.files.flatMap(({ dialect }) => dialect ?? []))];
  const right = `${name} is right: lane ${lane}, a tick every ${interval} s.`;
  if (dialects.length === 0) return [`${right} Durations below are seconds.`, ...summaryOf(config)];
  return [
    `${right} It is read as ${dialects.join(' and ')}; in our own words:`,
    '',
    yamlOf(concise(read.raw)),
    ...differenceLines(read),
  ];
};

/** A reader that has seen enough (`| head`) is no failure. */
const letReaderGo = (): void => {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
};

export const checkCommand = (path: string | undefined, { json, write, force = false }: CheckFlags): void => {
  letReaderGo();
  const people = json ? process.stderr : process.stdout;
  const tell = (lines: readonly string[]) => print(people, lines);
  const found = path === undefined ? checked(environment()) : checkedFiles(path, tell);
  const { read, config } = found;
  print(
    process.stderr,
    warningsIn(config).map((warning) => `warning: ${placed(warning, read)}`),
  );
  if (json) {
    process.stdout.write(`${JSON.stringify(config, null, 2)}\n`);
    if (read.files.some(({ dialect }) => dialect !== undefined)) tell(differenceLines(read));
  } else tell(report(path ?? 'the environment', found));
  if (write === undefined) return;
  const file = write === true ? besides(path) : write;
  save({ file, config: concise(read.raw), force, files: read.files.map((each) => each.file) });
  print(process.stderr, [`${file} is written`]);
};
