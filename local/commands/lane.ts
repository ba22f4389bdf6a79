/** The commands about deployed lanes: their options, and which of them does what. */
import { type Command, Option } from 'commander';
import { pauseSeconds } from './lane-flags.ts';
import { pauseCommand, resumeCommand } from './pause.ts';
import { port } from './port.ts';
import { statusCommand } from './status.ts';
import { stopCommand } from './stop.ts';

const laneCommand = (program: Command, name: string, summary: string, what: string): Command =>
  program
    .command(name)
    .summary(summary)
    .description(what)
    .addOption(
      new Option('--bucket <name>', 'the state bucket (an output of the stack)').env('PULSESCALE_BUCKET'),
    )
    .option('--lane <name>', 'loop.name of its configuration; may be left out where that leaves no doubt')
    .option('--region <name>', "the bucket's region; default: the environment's")
    .option('--local <port>', 'in place of a bucket: a loop on this machine, which shows its port', port);

/** What of a lane is meant; without any of them all of it. */
const parts = ['--in', '--out', '--all'] as const;

const withParts = (command: Command, said: Readonly<Record<(typeof parts)[number], string>>): Command =>
  parts.reduce(
    (whole, part) =>
      whole.addOption(
        new Option(part, said[part]).conflicts(
          parts.filter((other) => other !== part).map((other) => other.slice(2)),
        ),
      ),
    command.argument('[service]', 'cluster/service; the service alone where that is enough'),
  );

export const declareLaneCommands = (program: Command): void => {
  const lane = (name: string, summary: string, what: string) => laneCommand(program, name, summary, what);
  withParts(
    lane(
      'pause',
      'pause a lane, or one of its services',
      'Pauses one service, or scale-in or scale-out of all of them: nothing of that kind is changed from now on, and the loop says why. Without any of these the whole lane: nothing is changed from now on, and its loop stops at its next hand-over, within a minute. A later pause of the same replaces the one before.',
    ),
    {
      '--in': 'scale-in only',
      '--out': 'scale-out only',
      '--all': 'both; the default',
    },
  )
    .option(
      '--for <duration>',
      'ends by itself after 90s, 30m, 2h, …; default: when it is resumed',
      pauseSeconds,
    )
    .addHelpText(
      'after',
      `
Examples:
  npx pulsescale pause shop/orders-worker --in --for 30m --bucket B   keep its tasks for half an hour
  npx pulsescale pause --in --bucket B                                no scale-in of any service
  npx pulsescale pause --bucket B --lane orders                       the whole lane`,
    )
    .action(pauseCommand);

  withParts(
    lane(
      'resume',
      'resume what was paused',
      'Resumes what the same words have paused, and says what is still paused. A lane is started again by its schedule, within a minute.',
    ),
    {
      '--in': 'scale-in only',
      '--out': 'scale-out only',
      '--all': 'everything that is paused of this service; without one: in this lane',
    },
  ).action(resumeCommand);

  lane(
    'stop',
    'pause a lane and wait until it stands still',
    'Pauses a lane and waits until its last execution has ended, 2.5 minutes at most. Exits 1 if it has not.',
  ).action(stopCommand);

  lane(
    'status',
    'show what a lane does',
    'Shows who holds a lane, its last tick, what it last decided for each service, and what is paused, unknown or untold. Without --lane: all lanes of the bucket.',
  )
    .option('--json', 'all of it, and the object as it is, as JSON: a list without --lane')
    .addHelpText(
      'after',
      `
Exit code:
  0  every lane shown is ticking, or asleep for want of work
  1  one is not, its object can't be read, or there is none
  3  none of that, but one is paused`,
    )
    .action(statusCommand);
};
