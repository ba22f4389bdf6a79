#!/usr/bin/env node
/** `npx pulsescale …`: the commands, their options and nothing else. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { ConfigError, messageOf } from '../lambdas/contract/errors.ts';
import { version } from './assets.ts';
import { checkCommand } from './commands/check.ts';
import { declareLaneCommands } from './commands/lane.ts';
import { port } from './commands/port.ts';
import { replayCommand } from './commands/replay.ts';
import { type Burst, type Outage, runCommand } from './commands/run.ts';
import { startCommand } from './commands/start.ts';
import { choices } from './demo/queues/registry.ts';

// The interpreter of the state machine waits for a moment that is over when a tick is late, by a timer below 0 that fires at once.
const print = process.listeners('warning');
process.removeAllListeners('warning');
process.on('warning', (warning) => {
  if (warning.name !== 'TimeoutNegativeWarning') for (const each of print) each(warning);
});

const positive = (text: string): number => {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0)
    throw new InvalidArgumentError(`"${text}" is not a number above 0.`);
  return value;
};

/** The longest that a timer of Node waits. */
const MOST_SECONDS = 2_147_483;

const seconds = (text: string): number => {
  const value = positive(text);
  if (value > MOST_SECONDS) throw new InvalidArgumentError(`"${text}" is more than ${MOST_SECONDS} seconds.`);
  return value;
};

const wholeSeconds = (text: string): number => {
  const value = positive(text);
  if (!Number.isInteger(value) || value > 60)
    throw new InvalidArgumentError(`"${text}" is not a whole number of seconds from 1 to 60.`);
  return value;
};

const share = (text: string): number => {
  const value = text.endsWith('%') ? Number(text.slice(0, -1)) / 100 : Number(text);
  if (text === '' || !(value >= 0 && value <= 1))
    throw new InvalidArgumentError(`"${text}" is not a share from 0 to 1, or per cent such as 0.1%.`);
  return value;
};

const MOST_MESSAGES = 100_000;

interface AmountAt {
  readonly form: string;
  readonly example: string;
  readonly digits: RegExp;
  readonly most: number;
  readonly unit: string;
}

/** `600@10` → 600 of something, 10 s after the start. */
const amountAt = (text: string, { form, example, digits, most, unit }: AmountAt) => {
  const [amount = '', at = '', ...rest] = text.replace(/s$/, '').split('@');
  const written = digits.test(amount) && /^\d+(\.\d+)?$/.test(at) && rest.length === 0;
  if (!written || Number(amount) === 0)
    throw new InvalidArgumentError(`"${text}" is not ${form}, such as ${example}.`);
  if (Number(amount) > most || Number(at) > MOST_SECONDS) {
    throw new InvalidArgumentError(
      `"${text}" is too much: at most ${most} ${unit}, at most ${MOST_SECONDS} seconds from now.`,
    );
  }
  return { amount: Number(amount), at: Number(at) };
};

const burst = (text: string, before: readonly Burst[] = []): readonly Burst[] => {
  const [much = '', ...rest] = text.split(':');
  const to = rest.join(':');
  const { amount, at } = amountAt(much, {
    form: 'MESSAGES@SECONDS or MESSAGES@SECONDS:SERVICE',
    example: '600@10 (600 messages after 10 seconds) or 600@10:all',
    digits: /^\d+$/,
    most: MOST_MESSAGES,
    unit: 'messages',
  });
  return [...before, { messages: amount, at, ...(to === '' ? {} : { to }) }];
};

const outage = (text: string, before: readonly Outage[] = []): readonly Outage[] => {
  const { amount, at } = amountAt(text, {
    form: 'SECONDS@SECONDS',
    example: '20@30 (for 20 seconds, 30 seconds after the start)',
    digits: /^\d+(\.\d+)?$/,
    most: MOST_SECONDS,
    unit: 'seconds',
  });
  return [...before, { seconds: amount, at }];
};

const program = new Command('pulsescale')
  .description('Scales AWS ECS services on queue backlog in seconds.')
  .version(version(), '-v, --version')
  .showHelpAfterError('(--help shows the options)');

program
  .command('run')
  .summary('run the loop on this machine (npm start)')
  .description(
    'Runs the real loop on this machine: the state machine and the handlers as they are deployed, against embedded AWS endpoints, with real messages and workers. With --aws, against AWS itself.',
  )
  .option(
    '-c, --config <path>',
    "a YAML or JSON file, or a folder of them; default: the environment variables of another scaler (fast-autoscaler's, say) where they are set, else a demo",
  )
  .addOption(
    new Option(
      '-q, --queue <kind...>',
      'run on a real server of this kind (or these kinds), started here if it is not up; the configuration is used as it is, without one a demo of that kind',
    ).choices(choices),
  )
  .option('-s, --seconds <n>', 'stop after so many seconds, exit code 0; default: run until Ctrl-C', seconds)
  .option('--interval <seconds>', 'from tick to tick, 1 to 60; default: loop.interval', wholeSeconds)
  .option(
    '--json',
    'one JSON object per line on stdout (decisions, outcomes, notices, world, events); no page',
  )
  .option(
    '-b, --burst <n@t>',
    "send n messages to the first service's queue, or with n@t:SERVICE or n@t:all to others', t seconds after the start; can be repeated",
    burst,
  )
  .option(
    '--stop-queue <n@t>',
    'stop the queue for n seconds, t seconds after the start; can be repeated',
    outage,
  )
  .option('--no-page', 'serve no page')
  .option('--port <port>', 'port of the page; the next free one if it is taken', port, 8700)
  .option('--start-up <seconds>', 'how long a task takes to start (embedded)', positive, 8)
  .option('--work <seconds>', 'how long a worker needs for one message (embedded)', positive, 1)
  .option(
    '--stop-timeout <seconds>',
    'after how long a task that is stopped is killed, whatever it is at (embedded)',
    positive,
    30,
  )
  .option('--protect', 'workers protect their tasks from scale-in while they are busy (embedded)')
  .option('--seed <n>', 'seed of the start-up times (embedded)', positive, 1)
  .option(
    '--aws',
    'use the AWS endpoints and credentials of this environment; needs AWS_REGION and PULSESCALE_BUCKET',
  )
  .addHelpText(
    'after',
    `
Environment:
  DISABLE_SCALE_IN=yes   refuse every scale-in (also: true, 1)
  LOG_LEVEL=INFO         show the handlers' own log lines, on stderr

Examples:
  npm start                                              the demo, with its page
  npm start -- --config orders.yaml                      your own services
  npm start -- --queue redis --stop-queue 20@30          the demo on Redis, which is down for a while
  npm start --silent -- --seconds 75 --json --burst 600@10 | jq 'select(.kind == "decision")'`,
  )
  .action(runCommand);

program
  .command('check')
  .summary('check a configuration, or translate one')
  .description(
    "Checks a configuration and prints every problem with its place, or what it means. That of another scaler is printed in our own words, with every point in which the two differ: fast-autoscaler, Serverless ECS Scaler, ecs-autoscale, aws-fargate-fast-autoscaler, KEDA's ScaledObject, Application Auto Scaling in a template.",
  )
  .argument('[path]', 'a YAML or JSON file, or a folder of them; default: the variables of the environment')
  .option('--json', 'print the configuration as it is understood, defaults included')
  .option(
    '-w, --write [file]',
    'save it in our own words, without defaults: as YAML, or as JSON by its name; default: pulsescale.yaml beside what was read',
  )
  .option('-f, --force', 'with --write: overwrite the file if there is one')
  .action(checkCommand);

program
  .command('replay')
  .summary('what would a configuration have done with a load?')
  .description(
    'Lets a configuration scale a load in virtual time, with the decisions that are deployed: a recorded load (--trace), or the load behind the log of a loop that has run (--decisions).',
  )
  .requiredOption('-c, --config <path>', 'a YAML or JSON file, or a folder of them')
  .option(
    '--trace <file>',
    'a CSV with the header t,count (messages per bin) or arrival,seconds (each message with its work)',
  )
  .option(
    '--decisions <log>',
    'decisions and ticks as the deployed loop logs them or run --json prints them, one JSON per line, whatever stands around it',
  )
  .option('--service <cluster/service>', 'only this one; default: all that are configured')
  .option('--start-up <seconds>', 'how long a task takes to start', positive, 23)
  .option('--work <seconds>', 'how long a task works on one message; default: what the load tells', positive)
  .option(
    '--target <seconds>',
    "the wait from which on a message is late; default: queueDelay's target, else 30",
    positive,
  )
  .option('--interval <seconds>', 'from tick to tick; default: loop.interval', wholeSeconds)
  .option('--seed <n>', 'seed of what is left to chance', positive, 1)
  .option('--json', 'print every decision as one line of JSON on stdout, and the summary on stderr')
  .option('--plot <file>', 'draw it: an .svg or an .html that needs no network')
  .option(
    '--tune',
    "try values for the policy's parameters and print the cheapest that keep the wait target, as YAML to paste",
  )
  .option(
    '--late <share>',
    'with --tune: the share of messages that may be late, 0.001 or 0.1%',
    share,
    0.001,
  )
  .addHelpText(
    'after',
    `
Examples:
  npx pulsescale replay --trace day.csv --work 1.5 --config orders.yaml --plot day.svg
  aws logs tail GROUP --since 1d --format short > loop.log
  npx pulsescale replay --decisions loop.log --config orders.yaml
  npx pulsescale replay --decisions loop.log --config orders.yaml --tune --target 60 --plot tuned.html`,
  )
  .action(replayCommand);

declareLaneCommands(program);

program
  .command('start')
  .summary('start the deployed loop now')
  .description('Starts the deployed loop now, as the console would. A lane that runs already is left alone.')
  .addOption(
    new Option('--state-machine <arn>', 'the state machine (an output of the stack)')
      .env('PULSESCALE_STATE_MACHINE')
      .makeOptionMandatory(),
  )
  .option(
    '-c, --config <path>',
    'a configuration (file or folder) that takes the lane over and wins over the deployed one until the lane stops',
  )
  .action(startCommand);

try {
  await program.parseAsync();
} catch (thrown) {
  // A configuration error or a missing lane speaks for itself; a stack trace would only hide the sentence.
  process.stderr.write(`${thrown instanceof ConfigError ? '' : 'pulsescale: '}${messageOf(thrown)}\n`);
  process.exit(1);
}
