/**
 * Containers that functions in Azure needed, per minute and app, for one day: each container-minute becomes one message of 60 s
 * in that minute, so the tasks that are busy are the containers that were needed. The apps of a trace share one service.
 *
 * Messages have their own service time, so it is their number that is adapted: each stays with a chance (all apps need 26
 * containers on average in the test, so 20 keep 76 %), or comes several times (sporadic: 11 times, for 1.8 containers).
 * Where in its minute it comes is chance.
 */
import { spread, thin } from '../../../local/simulation/bins.ts';
import { randomOf } from '../../../local/simulation/random.ts';
import { rowsOf } from './file.ts';
import { BUSY, type TraceKind } from './kind.ts';
import { withWork } from './load-rule.ts';

const FILE = 'azure_functions_2019_100apps_containers_permin.csv';
const MINUTES = 1440;
const TRAINING_MINUTES = 480;
const MINUTE = 60;

type App = readonly number[];

/** Columns: the app, its invocations of the day, and its containers in each minute. */
const appsOf = (): readonly App[] | undefined => rowsOf(FILE)?.map((row) => row.slice(2).map(Number));

/** It needs a container in less than 16 % of the minutes: 59 of 100. */
const isSporadic = (app: App): boolean => app.filter((containers) => containers > 0).length < 0.16 * MINUTES;

const kind = (name: string, about: string, isOne: (app: App) => boolean): TraceKind => ({
  ...{ name, about, file: FILE },
  split: 'training the first 8 hours, test the other 16',
  load: (part, seed, busy = BUSY) => {
    const apps = appsOf()?.filter(isOne);
    if (apps === undefined) return undefined;
    const [from, until] = part === 'training' ? [0, TRAINING_MINUTES] : [TRAINING_MINUTES, MINUTES];
    const needed = Array.from({ length: until - from }, (_, nth) =>
      apps.reduce((sum, app) => sum + (app[from + nth] ?? 0), 0),
    );
    const copies = (busy * needed.length) / needed.reduce((sum, containers) => sum + containers, 0);
    const counts = thin(needed, copies, randomOf(`${name} ${part} copies`, seed));
    const random = randomOf(`${name} ${part} arrivals`, seed);
    const seconds = needed.length * MINUTE;
    // Constant: within a few parts of a thousand of 60 s, by which chance has kept too many or too few.
    return withWork({ name, arrivals: spread(counts, MINUTE, random), seconds }, busy, random, 'constant');
  },
});

export const azureFunctions: readonly TraceKind[] = [
  kind(
    'functions',
    '100 functions in Azure, a message of 60 s for each container-minute; counts per minute (real), seconds by chance',
    () => true,
  ),
  kind(
    'functions-sporadic',
    'The 59 of them that mostly need none: bursts of messages of 60 s, each 11 times; counts per minute (real)',
    isSporadic,
  ),
];
