/**
 * From the props of a `PulseScaler` to lanes: what is written into each lane's configuration file, and what its functions
 * may touch. Validates, then computes; declares nothing.
 */
import { type Stack, Token } from 'aws-cdk-lib';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { sourceSchema } from '../lambdas/collect/sources/registry.ts';
import type { ClusterCapacity } from '../lambdas/contract/capacity.ts';
import { type Service, sourcesOf } from '../lambdas/contract/config.ts';
import { ConfigError, type ConfigProblem } from '../lambdas/contract/errors.ts';
import { expand } from '../lambdas/contract/expand.ts';
import { parseConfig } from '../lambdas/contract/parse.ts';
import { stepsOf } from '../lambdas/contract/path.ts';
import { plainSecrets } from '../lambdas/contract/plain-secrets.ts';
import { valueAt } from '../lambdas/contract/schema-at.ts';
import type { Permission } from '../lambdas/contract/source.ts';
import { substitute } from '../lambdas/contract/substitute.ts';
import { warningsIn } from '../lambdas/contract/warnings.ts';
import { type Environment, environmentProblems, referencedIn } from './environment.ts';
import { splitIntoLanes } from './lanes.ts';
import { serviceArn, sourcePermissions } from './permissions.ts';
import type { PulseScalerProps } from './pulse-scaler-props.ts';
import { knownArnOf, queuesOf, serviceConfigOf } from './scaled-service.ts';
import { type Sharing, sharingOf, tiesOf, withNames } from './sharing.ts';
import { deferTokens } from './tokens.ts';
import { type Waking, wakingOf } from './wake.ts';

/** What there is to scale. */
type ScalingProps = Pick<
  PulseScalerProps,
  'config' | 'services' | 'clusters' | 'groups' | 'name' | 'interval' | 'environment' | 'origin' | 'reviver'
>;

/** One service: its configuration as it is written, and what its reading and scaling touch. */
interface PlannedService {
  readonly config: unknown;
  /** The same with its defaults and its tokens. */
  readonly service: Service;
  readonly arn: string;
  readonly permissions: readonly Permission[];
  readonly queues: readonly IQueue[];
}

export interface LanePlan {
  readonly name: string;
  /** The content of the lane's configuration file; free of tokens. */
  readonly config: unknown;
  /** The variables that this file refers to as `%(NAME)`. */
  readonly environment: Environment;
  readonly services: readonly PlannedService[];
  /** The hosts that this lane moves. */
  readonly capacities: readonly ClusterCapacity[];
  /** What wakes it; undefined: it never sleeps. */
  readonly waking: Waking | undefined;
}

export interface Plan {
  readonly lanes: readonly LanePlan[];
  /** The bucket with fast-autoscaler's state. */
  readonly previousState: string | undefined;
  /** What somebody should see at every synth. */
  readonly warnings: readonly string[];
}

/** A configuration that has been found valid, as it was written, each default in the services that it is for. */
interface WrittenConfig extends Sharing {
  readonly loop: Readonly<Record<string, unknown>>;
  readonly services: readonly unknown[];
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What isn't even an object is left for the schema to refuse. */
const rawConfigOf = ({ config, services, clusters, groups, name, interval }: ScalingProps): unknown => {
  if ((config === undefined) === (services === undefined)) {
    throw new ConfigError([{ path: '', message: 'give either config or services' }], 'PulseScaler');
  }
  const beside = {
    ...(clusters === undefined ? {} : { clusters }),
    ...(groups === undefined ? {} : { groups }),
  };
  const [twice] = config === undefined ? [] : Object.keys(beside);
  if (twice !== undefined) {
    const message = `goes with services; beside config, write it as config.${twice}`;
    throw new ConfigError([{ path: twice, message }], 'PulseScaler');
  }
  const given: unknown = config ?? { ...beside, services: services?.map(serviceConfigOf) };
  if (!isObject(given)) return given;
  const { $schema: _, loop = {}, ...rest } = given;
  if (!isObject(loop)) return given;
  const wanted = {
    ...(name === undefined ? {} : { name }),
    ...(interval === undefined ? {} : { interval: interval.toSeconds({ integral: false }) }),
  };
  return { ...rest, loop: { ...loop, ...wanted } };
};

/** Variables whose value synth knows have it; the others stay `%(NAME)`, which every option takes. */
const knownAtSynth = (environment: Environment): Environment =>
  Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [
      name,
      Token.isUnresolved(value) ? `%(${name})` : value,
    ]),
  );

/** What `work` gives, or the problems that it throws. */
const attempt = <T>(
  work: () => T,
): { readonly value: T } | { readonly problems: readonly ConfigProblem[] } => {
  try {
    return { value: work() };
  } catch (thrown) {
    if (thrown instanceof ConfigError) return { problems: thrown.problems };
    throw thrown;
  }
};

/**
 * A secret that synth knows would stand in the template. Whoever wrote `%(NAME)` for it meant well, and is told what to
 * do instead.
 */
const withoutSecrets = (
  problems: readonly ConfigProblem[],
  written: unknown,
  filled: unknown,
): readonly ConfigProblem[] => {
  const exposed = new Set(plainSecrets(filled).map(({ path }) => path));
  return problems.map((problem) => {
    const reference = valueAt(written, stepsOf(problem.path));
    if (!exposed.has(problem.path) || typeof reference !== 'string' || !reference.includes('%('))
      return problem;
    const message = `the value of ${reference} would stand in the template: store it in Secrets Manager and give the ARN as ${String(stepsOf(problem.path).at(-1))}Secret`;
    return { ...problem, message };
  });
};

/** Queue objects are granted through themselves; the other sources say what they need. */
const permissionsOf = (service: Service, path: string, queues: readonly IQueue[]): readonly Permission[] => {
  const granted = new Set<unknown>(queues.map(({ queueUrl }) => queueUrl));
  return sourcesOf(service).flatMap((source, index) => {
    if (source.type === 'sqs' && granted.has(source['queueUrl'])) return [];
    return sourcePermissions(
      source,
      service,
      `${path}.${service.sources === undefined ? 'source' : `sources[${index}]`}`,
    );
  });
};

/**
 * Validates the props and says what each lane is made of.
 *
 * @throws ConfigError with every problem at once
 */
export const planLanes = (stack: Stack, props: ScalingProps): Plan => {
  const origin = props.origin ?? 'the configuration of PulseScaler';
  const deferred = deferTokens(rawConfigOf(props));
  const own = props.environment ?? {};
  const environment = { ...own, ...deferred.environment };
  const written = deferred.value as WrittenConfig;

  const filled = attempt(() => substitute(written, knownAtSynth(environment)));
  const parsed = attempt(() => parseConfig('value' in filled ? filled.value : written, sourceSchema));
  const early = [
    ...deferred.problems,
    ...environmentProblems(own),
    ...('problems' in filled ? filled.problems : []),
    ...('problems' in parsed
      ? withoutSecrets(parsed.problems, written, 'value' in filled ? filled.value : undefined)
      : []),
  ];
  if (early.length > 0 || !('value' in parsed)) throw new ConfigError(early, origin);

  const config = substitute(parsed.value, environment);
  const { loop, services } = config;
  const { raw, placed } = expand(withNames(written, parsed.value));
  const whole = raw as WrittenConfig;
  const planned = services.map((service, index) =>
    attempt((): PlannedService => {
      const scaled = props.services?.[index];
      const queues = scaled === undefined ? [] : queuesOf(scaled);
      return {
        config: whole.services[index],
        service,
        arn: (scaled && knownArnOf(scaled)) ?? serviceArn(stack, service.cluster, service.service),
        permissions: permissionsOf(service, `services[${index}]`, queues),
        queues,
      };
    }),
  );
  const late = planned.flatMap((each) => ('problems' in each ? each.problems : []));
  const split = attempt(() =>
    splitIntoLanes(
      loop.name,
      planned.flatMap((each, index) => ('value' in each ? [{ ...each.value, index }] : [])),
      { ties: late.length > 0 ? [] : tiesOf(config) },
    ),
  );
  if (late.length > 0 || !('value' in split))
    throw new ConfigError([...late.map(placed), ...('problems' in split ? split.problems : [])], origin);

  const lanes = split.value.map(({ name, services: share }, nth): LanePlan => {
    const members = new Set(share.map(({ index }) => index));
    const { file: shared, capacities } = sharingOf(config, whole, { services: members, isFirst: nth === 0 });
    const own = share.map((service) => service.config);
    const file = { loop: { ...written.loop, name }, ...shared, services: own };
    const waking = wakingOf(stack, share, props.reviver ?? true);
    const reach = { environment: referencedIn(file, environment), capacities, waking };
    return { name, config: file, services: share, ...reach };
  });
  const unseen = lanes.flatMap(({ waking }) => waking?.unseen ?? []);
  return { lanes, previousState: loop.previousState, warnings: [...warningsIn(parsed.value), ...unseen] };
};
