/** Defaults: the nearest word wins, what is merged and what is taken whole, and where their problems are told. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sourceSchema } from '../../lambdas/collect/sources/registry.ts';
import { anySource, type Config, capacitiesOf } from '../../lambdas/contract/config.ts';
import { expand } from '../../lambdas/contract/expand.ts';
import { parseConfig } from '../../lambdas/contract/parse.ts';
import { problemsOf } from './problems-of.ts';

type Fields = Readonly<Record<string, unknown>>;

const sqs = { type: 'sqs', queueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/orders' };
const nginx = { type: 'nginx' };
const target = { type: 'target', backlogPerTask: 5 };

interface Words {
  readonly general?: Fields;
  readonly cluster?: Fields;
  readonly own?: Fields;
}

const raw = ({ general, cluster, own = {} }: Words) => ({
  ...(general === undefined ? {} : { defaults: general }),
  clusters: [
    { cluster: 'yard' },
    { cluster: 'shop', ...(cluster === undefined ? {} : { defaults: cluster }) },
  ],
  services: [{ cluster: 'shop', service: 'orders', ...own }],
});

const serviceOf = (words: Words): Config['services'][number] => {
  const [service] = parseConfig(raw(words), anySource).services;
  if (service === undefined) throw new Error('there is one');
  return service;
};

describe('a service has', () => {
  test.each<[string, Words, Fields]>([
    [
      'what is said for all',
      { general: { tasks: { max: 5 }, source: sqs } },
      { tasks: { min: 0, max: 5 }, source: sqs },
    ],
    [
      'what its cluster says, before what is said for all',
      { general: { tasks: { max: 5 }, source: sqs, dryRun: true }, cluster: { tasks: { max: 6 } } },
      { tasks: { max: 6 }, dryRun: true },
    ],
    [
      'what it says itself, before all others',
      { general: { source: nginx }, cluster: { tasks: { max: 6 } }, own: { tasks: { max: 7 }, source: sqs } },
      { tasks: { max: 7 }, source: sqs },
    ],
    [
      'bounds of which each may come from elsewhere',
      {
        general: { tasks: { min: 1, max: 9 }, source: sqs },
        cluster: { tasks: { min: 2 } },
        own: { tasks: { max: 7 } },
      },
      { tasks: { min: 2, max: 7 } },
    ],
    [
      'a cooldown merged by its keys',
      {
        general: { cooldown: { out: '9s', in: '1m' }, source: sqs },
        own: { tasks: { max: 7 }, cooldown: { in: '2m' } },
      },
      { cooldown: { out: 9, in: 120 } },
    ],
    [
      'stabilization windows merged',
      {
        general: { stabilization: { in: '1m' }, source: sqs },
        own: { tasks: { max: 7 }, stabilization: { out: '2s' } },
      },
      { stabilization: { in: 60, out: 2 } },
    ],
    [
      'a source as a whole',
      { general: { source: { ...sqs, timeLimit: '1s' } }, own: { tasks: { max: 7 }, source: sqs } },
      { source: sqs },
    ],
    [
      'a policy as a whole',
      {
        general: { policy: { ...target, count: 'visible' }, source: sqs },
        own: { tasks: { max: 7 }, policy: target },
      },
      { policy: { count: 'visible+inFlight' } },
    ],
    [
      'limits as a whole',
      {
        general: { limits: { in: [{ tasks: 1, per: '1m' }] }, source: sqs },
        own: { tasks: { max: 7 }, limits: { out: [{ tasks: 2, per: '1m' }] } },
      },
      { limits: { out: [{ tasks: 2, per: 60 }] } },
    ],
    [
      'false, where others say true',
      { general: { disableScaleIn: true, source: sqs }, own: { tasks: { max: 7 }, disableScaleIn: false } },
      { disableScaleIn: false },
    ],
    [
      'its sources, and not the source of others',
      {
        general: { source: nginx },
        cluster: { source: nginx },
        own: { tasks: { max: 7 }, sources: [sqs, { ...sqs, name: 'two' }] },
      },
      { sources: [sqs, { ...sqs, name: 'two' }] },
    ],
    [
      'its source, and not the sources of others',
      { general: { sources: [nginx] }, own: { tasks: { max: 7 }, source: sqs } },
      { source: sqs },
    ],
    [
      'its policies, and not the policy of others',
      {
        general: { policy: target, source: sqs },
        own: { tasks: { max: 7 }, policies: [{ ...target, backlogPerTask: 6 }] },
      },
      { policies: [{ backlogPerTask: 6 }] },
    ],
    [
      'sources of its cluster, and not the source for all',
      { general: { source: nginx, tasks: { max: 9 } }, cluster: { sources: [sqs] } },
      { sources: [sqs] },
    ],
  ])('%s', (_, words, expected) => {
    const service = serviceOf(words);
    expect(service).toMatchObject(expected);
    for (const [one, other] of [
      ['source', 'sources'],
      ['policy', 'policies'],
    ] as const)
      expect([service[one], service[other]].filter((each) => each !== undefined)).toHaveLength(1);
    // Whole, and nothing beside what it was given.
    for (const [key, value] of Object.entries(expected))
      if (key === 'limits' || key === 'source') expect(service[key as 'limits']).toEqual(value);
  });

  test('nothing of another cluster', () => {
    const both = {
      ...raw({ cluster: { tasks: { max: 6 }, source: sqs } }),
      services: [
        { cluster: 'shop', service: 'a' },
        { cluster: 'yard', service: 'a', tasks: { max: 2 }, source: nginx, policy: target },
      ],
    };
    expect(parseConfig(both, anySource).services).toMatchObject([
      { tasks: { max: 6 }, source: sqs },
      { tasks: { max: 2 }, source: nginx },
    ]);
  });
});

test('no defaults are left, everything else is', () => {
  const capacity = { autoScalingGroup: 'hosts', max: 4 };
  const config = parseConfig(
    {
      loop: { interval: '2s' },
      defaults: { tasks: { max: 5 } },
      clusters: [{ cluster: 'shop', defaults: { source: sqs }, capacity }],
      services: [{ cluster: 'shop', service: 'a' }],
    },
    anySource,
  );
  expect(JSON.stringify(config)).not.toContain('"defaults"');
  expect(config.loop.interval).toBe(2);
  expect(capacitiesOf(config)).toMatchObject([{ cluster: 'shop', ...capacity, cpuBuffer: 0 }]);
});

test('a configuration without defaults is left as it is, and so is what is none', () => {
  for (const each of [raw({}), undefined, null, 7, 'x', [], {}, { services: 'x' }, { defaults: {} }])
    expect(expand(each).raw).toBe(each);
});

test('written out in every service it means the same', () => {
  const options = fc.record(
    {
      tasks: fc.record({ min: fc.nat(3), max: fc.integer({ min: 3, max: 9 }) }, { requiredKeys: ['max'] }),
      cooldown: fc.record({ out: fc.nat(9), in: fc.nat(9) }, { requiredKeys: [] }),
      source: fc.constantFrom(sqs, { ...sqs, timeLimit: 1 }),
      policy: fc.constantFrom(target, { type: 'queueDelay' }, { type: 'threshold' }),
      disableScaleIn: fc.boolean(),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(options, options, options, (general, cluster, own) => {
      const [one, two, three] = [general, cluster, own] as readonly Fields[];
      const merged = (key: string) => {
        const all = [one?.[key], two?.[key], three?.[key]].filter((each) => each !== undefined);
        return all.length === 0 ? {} : { [key]: Object.assign({}, ...(all as object[])) as unknown };
      };
      const written = { tasks: { max: 9 }, source: sqs, ...one, ...two, ...three, ...merged('cooldown') };
      const tasks = {
        tasks: Object.assign({ max: 9 }, one?.['tasks'], two?.['tasks'], three?.['tasks']) as unknown,
      };
      const alone = parseConfig(raw({ own: { ...written, ...tasks } }), anySource);
      const spread = parseConfig(
        raw({ general: { source: sqs, ...general, tasks: { max: 9, ...general.tasks } }, cluster, own }),
        anySource,
      );
      expect(spread.services).toEqual(alone.services);
    }),
    { numRuns: 60 },
  );
});

describe('a problem is told once and where it was written', () => {
  const services = ['a', 'b', 'c'].map((service) => ({ cluster: 'shop', service }));
  const problems = (config: Fields) => problemsOf(() => parseConfig({ services, ...config }, sourceSchema));
  const right = { tasks: { max: 5 }, source: sqs };

  test.each<[string, Fields, readonly (string | RegExp)[]]>([
    [
      'a value in the defaults for all',
      { defaults: { ...right, cooldown: { in: 'soon' } } },
      [/^defaults\.cooldown\.in: expected a duration/],
    ],
    [
      'an unknown key there',
      { defaults: { ...right, cooldwn: {} } },
      [/^defaults\.cooldwn: unknown key "cooldwn", the nearest known one is "cooldown"/],
    ],
    [
      'an option of a source in a cluster’s',
      { clusters: [{ cluster: 'shop', defaults: { ...right, source: { ...sqs, que: 1 } } }] },
      [/^clusters\[0\]\.defaults\.source\.que: unknown key/],
    ],
    [
      'names in defaults',
      { defaults: { ...right, service: 'x' } },
      [/^defaults\.service: unknown key "service"/],
    ],
    [
      'what no service says, at each of them',
      { defaults: { source: sqs } },
      [0, 1, 2].map((nth) => new RegExp(`^services\\[${nth}\\]\\.tasks: required`)),
    ],
    [
      'a default that is wrong beside what some services say',
      {
        defaults: { source: sqs, tasks: { min: 4 } },
        services: services.map((each, nth) => ({ ...each, tasks: { max: nth + 2 } })),
      },
      [
        /^defaults\.tasks\.min: min 4 must not be above max 2.*\(services\[0\]\)$/,
        /^defaults\.tasks\.min: min 4 must not be above max 3.*\(services\[1\]\)$/,
      ],
    ],
    [
      'one that is wrong with all of them',
      { defaults: { tasks: { max: 5 }, source: nginx, policy: { type: 'queueDelay' } } },
      [/^defaults\.policy: queueDelay .* \(services\[0\] and 2 more\)$/],
    ],
    [
      'a service’s own',
      { defaults: right, services: [{ ...services[0], cooldown: { in: 'soon' } }] },
      [/^services\[0\]\.cooldown\.in: expected a duration/],
    ],
    [
      'a secret in defaults',
      {
        defaults: {
          tasks: { max: 5 },
          source: { type: 'redis', host: 'h', queueKey: 'k', password: 'hunter2' },
        },
      },
      [/^defaults\.source\.password: (?!.*hunter2)/],
    ],
    [
      'a cluster that is there twice',
      { defaults: right, clusters: [{ cluster: 'shop' }, { cluster: 'shop' }] },
      ['clusters[1]: "shop" is already at clusters[0]; keep one of the two'],
    ],
    [
      'defaults of a cluster without services',
      { defaults: right, clusters: [{ cluster: 'shp', defaults: {} }] },
      ['clusters[0].cluster: unknown cluster "shp", the nearest known one is "shop"; allowed here: shop'],
    ],
    [
      'defaults that are no object',
      { defaults: [], services: services.map((each) => ({ ...each, ...right })) },
      [/^defaults: expected an object, got an empty list/],
    ],
  ])('%s', (_, config, expected) => {
    expect(problems(config)).toEqual(
      expected.map((each) => (typeof each === 'string' ? each : expect.stringMatching(each))),
    );
  });
});
