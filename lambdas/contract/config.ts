/**
 * The configuration: declared once, here, and from this declaration parsed, defaulted, documented and published
 * (`pulsescale.schema.json`).
 *
 * A source's options are declared in its own file in `lambdas/collect/sources/`; this room may not look there, so the
 * schema is a function of them. Rooms that don't read sources use {@link anySource}.
 */
import * as z from 'zod';
import { type ClusterCapacity, capacitySchema } from './capacity.ts';
import { duration } from './duration.ts';
import { groupSchema } from './groups.ts';
import {
  deploymentSchema,
  emptyForSchema,
  fallbackSchema,
  limitsSchema,
  pauseSchema,
  scheduleSchema,
  stabilizationSchema,
} from './guards.ts';
import { loopSchema } from './loop.ts';
import { expressionSchema } from './policies/common.ts';
import { countsInFlight, type Policy, policySchema } from './policies.ts';

/** A source whose options are somebody else's business: only its type is looked at. */
export const anySource = z.looseObject({ type: z.string() });
export type AnySource = z.infer<typeof anySource>;

const name = (what: string) => z.string().min(1).max(255).meta({ description: what });

const tasksSchema = z
  .strictObject({
    min: z.int().nonnegative().default(0).meta({ description: 'The fewest tasks, ever.' }),
    max: z.int().nonnegative().meta({ description: 'The most tasks, ever.' }),
  })
  .superRefine(({ min, max }, { addIssue }) => {
    if (min > max)
      addIssue({ code: 'custom', path: ['min'], message: `min ${min} must not be above max ${max}` });
  })
  .meta({ description: 'The bounds that no decision leaves.' });

const cooldownSchema = z
  .strictObject({
    out: duration().prefault('0s').meta({ description: 'Seconds between two scale-outs.' }),
    in: duration().optional().meta({
      description:
        'Seconds between two scale-ins. Unset: 120s; 0s where every policy is queueDelay or panic, which keep what was needed of late themselves.',
    }),
    priorityOverride: z.boolean().default(false).meta({ description: 'Scale-out ignores its cooldown.' }),
  })
  .meta({ description: 'Pauses between two actions in the same direction.' });

const idleSchema = z
  .strictObject({
    after: duration({ min: 60, max: 86_400 }).meta({
      description: 'How long 0 tasks and an empty queue must last, 60s to 24h.',
    }),
  })
  .meta({
    description:
      'When this service may sleep. A lane sleeps when all its services may: it ticks no more, looks once a minute, and an alarm on the queue wakes it. Unset: never.',
  });

const isObject = (value: unknown) => typeof value === 'object' && value !== null;

/**
 * `source` or `sources`, exactly one of the two. Asked even when other fields are wrong, so that one look finds every
 * problem; what is no object at all has been reported already.
 */
const oneOrSeveral = (one: string, several: string) => ({
  path: [one],
  error: `give either one ${one} or several as ${several}: [...]`,
  when: ({ value }: { readonly value: unknown }) => isObject(value),
});

/** As much of a service as says what is counted. */
type Counting = {
  readonly source?: AnySource | undefined;
  readonly sources?: readonly AnySource[] | undefined;
  readonly policy?: Policy | undefined;
  readonly policies?: readonly Policy[] | undefined;
};

/** The rule of a service that names none. */
const usualPolicy = policySchema.parse({ type: 'queueDelay' });

/** Policies that scale in to the highest answer of a while. On top of that, a pause of two minutes only costs: on on/off load 1.8 times as much. */
const PATIENT: readonly Policy['type'][] = ['queueDelay', 'panic'];

const usualCooldown = ({ policy, policies }: Pick<Counting, 'policy' | 'policies'>): number =>
  policiesOf({ policy, policies }).every(({ type }) => PATIENT.includes(type)) ? 0 : 120;

/** What a service is given besides its name and its bounds. */
const optionsOf = <S extends z.ZodType>(source: S) => ({
  source: source.optional(),
  sources: z
    .array(source)
    .min(1)
    .optional()
    .meta({ description: 'Several sources; `combine` says how they go together.' }),
  combine: z
    .union([z.enum(['max', 'highest', 'min', 'sum', 'first']), expressionSchema])
    .default('max')
    .meta({
      description:
        'How the answers of all policies to all sources become one: max (also called highest), min, sum, or a formula over the policies by name. first: the first source that can be read is used, the others stand in for it, and the first policy that has an answer.',
    }),
  policy: policySchema.optional().meta({
    description: 'The rule. Without any: queueDelay with its defaults.',
  }),
  policies: z
    .array(policySchema)
    .min(1)
    .max(8)
    .optional()
    .meta({ description: 'Several policies; `combine` says how they go together.' }),
  cooldown: cooldownSchema.prefault({}),
  disableScaleIn: z.boolean().default(false).meta({ description: 'Refuse scale-in for this service.' }),
  fallback: fallbackSchema.optional(),
  deployment: deploymentSchema.optional(),
  emptyFor: emptyForSchema.optional(),
  stabilization: stabilizationSchema.optional(),
  limits: limitsSchema.optional(),
  schedule: scheduleSchema.optional(),
  pause: pauseSchema.optional(),
  idle: idleSchema.optional(),
  dryRun: z.boolean().optional().meta({ description: 'Decide and say so, change nothing.' }),
});

/** The schema of one service; `source` is the union of every source's options, or {@link anySource}. */
export const serviceSchema = <S extends z.ZodType>(source: S) =>
  z
    .strictObject({
      cluster: name('Name or ARN of the ECS cluster.'),
      service: name('Name of the ECS service.'),
      tasks: tasksSchema,
      ...optionsOf(source),
    })
    .refine(
      ({ source, sources }) => (source === undefined) !== (sources === undefined),
      oneOrSeveral('source', 'sources'),
    )
    .refine(({ policy, policies }) => policy === undefined || policies === undefined, {
      ...oneOrSeveral('policy', 'policies'),
    })
    .meta({
      description: 'One ECS service, what loads it, and how its task count follows.',
      allOf: [
        { oneOf: [{ required: ['source'] }, { required: ['sources'] }] },
        { not: { required: ['policy', 'policies'] } },
      ],
    })
    .transform((service) => {
      const whole =
        service.policy === undefined && service.policies === undefined
          ? { ...service, policy: usualPolicy }
          : service;
      const { out, in: given, priorityOverride } = whole.cooldown;
      return { ...whole, cooldown: { out, in: given ?? usualCooldown(whole), priorityOverride } };
    });

/** The most services that one lane carries: their memories must fit into 256 KiB of state. */
export const SERVICES_PER_LANE = 100;

/** Everything of a service but its name, all of it optional: what services have that do not say otherwise. */
export const defaultsSchema = <S extends z.ZodType>(source: S) => {
  const { cooldown, disableScaleIn, combine, ...options } = optionsOf(source);
  /** Bounds of which either may be left to the service. */
  const someTasks = z.strictObject({
    min: z.int().nonnegative().optional().meta({ description: 'The fewest tasks, ever.' }),
    max: z.int().nonnegative().optional().meta({ description: 'The most tasks, ever.' }),
  });
  return z
    .strictObject({
      tasks: someTasks.optional(),
      ...options,
      cooldown: cooldown.optional(),
      disableScaleIn: disableScaleIn.optional(),
      combine: combine.optional(),
    })
    .meta({
      description:
        'What services have that do not say otherwise. tasks, cooldown and stabilization are merged key by key, everything else is taken whole.',
    });
};

const clusterSchema = <S extends z.ZodType>(source: S) =>
  z.strictObject({
    cluster: name('Name or ARN of the ECS cluster.'),
    defaults: defaultsSchema(source).optional(),
    capacity: capacitySchema.optional(),
  });

/** The schema of a whole configuration. `defaults` are gone from a parsed one: see `expand.ts`. */
export const configSchema = <S extends z.ZodType>(source: S) =>
  z.strictObject({
    $schema: z.string().optional().meta({ description: 'For editors only.' }),
    loop: loopSchema.prefault({}),
    defaults: defaultsSchema(source).optional(),
    clusters: z
      .array(clusterSchema(source))
      .optional()
      .meta({ description: 'What holds for all services of a cluster, and its EC2 hosts.' }),
    groups: z.array(groupSchema).optional().meta({ description: 'Services that share a budget of tasks.' }),
    services: z
      .array(serviceSchema(source))
      .min(1, 'expected at least one service')
      .meta({ description: 'The services that this lane scales.' }),
  });

export type Service = z.infer<ReturnType<typeof serviceSchema<typeof anySource>>>;
export type Config = z.infer<ReturnType<typeof configSchema<typeof anySource>>>;

/** The EC2 capacity of each cluster that has one. */
export const capacitiesOf = ({ clusters = [] }: Pick<Config, 'clusters'>): readonly ClusterCapacity[] =>
  clusters.flatMap(({ cluster, capacity }) => (capacity === undefined ? [] : [{ cluster, ...capacity }]));

/** `shop/orders-worker`: how a service is called in memory, logs and reasons. */
export const keyOf = ({ cluster, service }: { readonly cluster: string; readonly service: string }): string =>
  `${cluster}/${service}`;

export const sourcesOf = ({ source, sources }: Counting): readonly AnySource[] =>
  sources ?? (source === undefined ? [] : [source]);

export const policiesOf = ({ policy, policies }: Counting): readonly Policy[] =>
  policies ?? (policy === undefined ? [] : [policy]);

/** The policies of a service that look at this source of it. */
export const policiesFor = (service: Counting, { name: own }: AnySource): readonly Policy[] =>
  policiesOf(service).filter(({ source }) => source === undefined || source === own);

/** Whether any policy of a service looks at the messages of this source that are in flight. */
export const needsInFlight = (service: Counting, source: AnySource): boolean => {
  const own = typeof source['name'] === 'string' ? source['name'] : undefined;
  return policiesFor(service, source).some((policy) => countsInFlight(policy, own));
};
