/**
 * aws-fargate-fast-autoscaler: the environment of its function, or a file with the props of its construct. The counts are those of its state
 * machine, which has no setting for them; a file may give others as `thresholds: { 500: 20, 300: 15 }`, and the `port` of nginx, 80 there.
 *
 * Gotcha: the function takes its present count for 1 at all times, so that with scale-in disabled it still goes from 20 tasks to 10. Here
 * disabled means disabled.
 */
import { ConfigError, type ConfigProblem } from '../errors.ts';
import type { Dialect, Difference, Translated } from './dialect.ts';
import { type Environment, type Name, type Settings, settingsIn } from './settings.ts';
import { type Fields, isObject, numberIn, wholeIn } from './values.ts';
import { variablesOf } from './variables.ts';

const NAMES = {
  cluster: { variable: 'cluster', key: 'cluster' },
  service: { variable: 'service', key: 'service' },
  region: { variable: 'region', key: 'region' },
  disabled: { variable: 'disable_scalein', key: 'disable_scalein' },
  disabledProp: { key: 'disableScaleIn' },
  initial: { key: 'initialTaskNumber' },
  topic: { key: 'snsTopic' },
  vpc: { key: 'vpc' },
  container: { key: 'backendContainer' },
  layer: { key: 'awsCliLayerArn' },
  layerVersion: { key: 'awsCliLayerVersion' },
  thresholds: { key: 'thresholds' },
  port: { key: 'port' },
} as const satisfies Record<string, Name>;

interface Step {
  readonly atLeast: number;
  readonly tasks: number;
}

const USUAL: readonly Step[] = [
  { atLeast: 500, tasks: 20 },
  { atLeast: 300, tasks: 15 },
  { atLeast: 100, tasks: 10 },
  { atLeast: 50, tasks: 2 },
];

const stepsIn = (given: unknown, read: Settings): readonly Step[] => {
  if (given === undefined) return USUAL;
  const steps = Object.entries(isObject(given) ? given : {}).map(([connections, tasks]) => ({
    atLeast: numberIn(connections),
    tasks: wholeIn(tasks),
  }));
  const right = steps.flatMap(({ atLeast, tasks = -1 }) =>
    atLeast === undefined || tasks < 0 ? [] : [{ atLeast, tasks }],
  );
  if (right.length === 0 || right.length < steps.length)
    read.report(
      NAMES.thresholds,
      'expected connections of a task and the count from there on, { 500: 20, 300: 15 }',
    );
  return right.sort((one, other) => other.atLeast - one.atLeast);
};

const isFalling = (steps: readonly Step[]): boolean =>
  steps.every(({ tasks }, nth) => nth === 0 || tasks <= (steps[nth - 1]?.tasks ?? tasks));

const told = (path: string, why: string): Difference => ({ path, why });

const WITHOUT_EQUIVALENT: readonly (readonly [Name, string])[] = [
  [
    NAMES.topic,
    'Scale-outs are announced on the topic of the stack, or on one that PulseScaler is given (topic).',
  ],
  [
    NAMES.vpc,
    'A configuration knows no network: give PulseScaler this VPC (vpc), so that tasks can be reached.',
  ],
  [NAMES.container, 'Was built and deployed by that construct; here the service is there already.'],
  [NAMES.layer, 'Not needed: no shell and no AWS CLI runs.'],
  [NAMES.layerVersion, 'Not needed: no shell and no AWS CLI runs.'],
];

const differencesOf = (read: Settings, steps: readonly Step[], disabled: boolean): readonly Difference[] => {
  const lowest = steps.at(-1);
  return [
    told(
      '',
      'Looked every 3 s; this loop looks every 5 s unless it has loop: { interval: 3s }, and it does not end after 90 minutes.',
    ),
    told(
      '',
      'Active connections of up to three tasks were averaged, idle ones and the own request among them; here it is the busy connections of all running tasks, so lower the thresholds where clients keep connections open.',
    ),
    ...(disabled
      ? [
          told(
            read.pathTo(read.isGiven(NAMES.disabled) ? NAMES.disabled : NAMES.disabledProp),
            'Its function took the present count for 1, so that it did go from 20 tasks to 10; here no count is lowered.',
          ),
        ]
      : [
          told(
            '',
            `Below ${lowest?.atLeast} connections nothing happened there, however many tasks there were; here the service goes to ${lowest?.tasks}.`,
          ),
        ]),
    told('', 'Rested for 60 s after every change; here for 60 s between two changes in the same direction.'),
    ...(isFalling(steps)
      ? []
      : [
          told(
            read.pathTo(NAMES.thresholds),
            'The first that is reached counted there; here the one with the most tasks.',
          ),
        ]),
    ...WITHOUT_EQUIVALENT.flatMap(([name, why]) =>
      read.isGiven(name) ? [told(read.pathTo(name), why)] : [],
    ),
  ];
};

/** The prop is on unless it says no; of the variable only `yes` counts. */
const isDisabled = (read: Settings, isFile: boolean): boolean => {
  const variable = read.flag(NAMES.disabled);
  const prop = read.flag(NAMES.disabledProp);
  return variable ?? prop ?? isFile;
};

const translated = (props: Fields | undefined, env: Environment): Translated => {
  const problems: ConfigProblem[] = [];
  const read = settingsIn(props, [], env, problems);
  const cluster = read.required(NAMES.cluster, 'the name of the ECS cluster');
  const service = read.required(NAMES.service, 'the name of the ECS service');
  const steps = stepsIn(props?.['thresholds'], read);
  const disabled = isDisabled(read, props !== undefined);
  const counts = steps.map(({ tasks }) => tasks);
  const initial = read.whole(NAMES.initial) ?? 2;
  const [region, port] = [read.text(NAMES.region), read.whole(NAMES.port, { least: 1, most: 65_535 })];
  const differences = differencesOf(read, steps, disabled);
  for (const [name] of WITHOUT_EQUIVALENT) read.isGiven(name);
  read.isGiven(NAMES.thresholds);
  read.refuseOtherKeys();
  if (problems.length > 0)
    throw new ConfigError(problems, props === undefined ? 'the environment' : undefined);
  const config = {
    services: [
      {
        cluster,
        service,
        // It never asks for fewer than the lowest step, nor for more than the highest.
        tasks: { min: Math.min(initial, ...counts), max: Math.max(initial, ...counts) },
        source: {
          type: 'nginx',
          aggregate: 'average',
          timeLimit: '5s',
          ...(region === undefined ? {} : { region }),
          ...(port === undefined ? {} : { port }),
        },
        policy: { type: 'steps', metric: 'value', steps },
        cooldown: { out: '60s', in: '60s' },
        disableScaleIn: disabled,
      },
    ],
  };
  return { config, differences };
};

const PROPS = [NAMES.disabled, NAMES.disabledProp, NAMES.initial, NAMES.container, NAMES.thresholds];

const isProps = (document: unknown): document is Fields =>
  isObject(document) &&
  ['cluster', 'service'].every((key) => typeof document[key] === 'string') &&
  PROPS.some(({ key }) => Object.hasOwn(document, key)) &&
  !['source', 'sources', 'services', 'tasks'].some((key) => Object.hasOwn(document, key));

/** In small letters: what everybody else has in capitals. */
const areVariables = (env: Environment): boolean =>
  ['cluster', 'service'].every((name) => (env[name] ?? '') !== '');

export const fargateFastAutoscaler: Dialect = {
  name: 'aws-fargate-fast-autoscaler',
  recognises: (written) => {
    const { documents } = written;
    return areVariables(variablesOf(written) ?? {}) || (documents.length === 1 && isProps(documents[0]));
  },
  translate: (written) => {
    const variables = variablesOf(written);
    return variables === undefined
      ? translated(written.documents[0] as Fields, {})
      : translated(undefined, variables);
  },
  fromEnvironment: (env) => (areVariables(env) ? translated(undefined, env) : undefined),
};
