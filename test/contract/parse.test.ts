import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import * as z from 'zod';
import { anySource } from '../../lambdas/contract/config.ts';
import { ConfigError } from '../../lambdas/contract/errors.ts';
import { parseConfig, parseSource } from '../../lambdas/contract/parse.ts';
import { problemsOf } from './problems-of.ts';

const source = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('sqs'),
    queueUrl: z.url().meta({ description: 'The URL of the queue.' }),
    password: z.string().min(20).optional(),
  }),
  z.strictObject({
    type: z.literal('http'),
    url: z.url(),
    pick: z
      .union([z.strictObject({ path: z.string() }), z.strictObject({ header: z.string(), index: z.int() })])
      .optional(),
    headers: z.record(z.string(), z.string()).optional(),
  }),
]);

const service = {
  cluster: 'shop',
  service: 'orders',
  tasks: { max: 50 },
  source: { type: 'sqs', queueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/orders' },
  policy: { type: 'target', backlogPerTask: 10 },
};

const problems = (raw: unknown) => problemsOf(() => parseConfig(raw, source));
const problemsWith = (changes: Readonly<Record<string, unknown>>) =>
  problems({ services: [{ ...service, ...changes }] });

describe('a configuration that is right', () => {
  test('is filled with the defaults, durations in seconds', () => {
    expect(parseConfig({ services: [service] }, source)).toEqual({
      loop: { name: 'default', interval: 5, executionLength: 60 },
      services: [
        {
          ...service,
          tasks: { min: 0, max: 50 },
          policy: { ...service.policy, count: 'visible+inFlight', tolerance: { out: 0.1, in: 0.1 } },
          cooldown: { out: 0, in: 120, priorityOverride: false },
          disableScaleIn: false,
        },
      ],
    });
  });

  test('parses to itself when it is parsed again, as collect and decide do', () => {
    const once = parseConfig(
      { loop: { interval: '7s' }, services: [{ ...service, cooldown: { in: '2m' } }] },
      source,
    );
    expect(parseConfig(once, source)).toEqual(once);
  });

  test('keeps the options of a source that is somebody else’s business', () => {
    const [parsed] = parseConfig(
      { services: [{ ...service, source: { type: 'tape', reel: 3 } }] },
      anySource,
    ).services;
    expect(parsed?.source).toEqual({ type: 'tape', reel: 3 });
  });
});

describe('a problem names the place, the value and what is allowed', () => {
  const cases: readonly (readonly [string, unknown, string])[] = [
    ['no object', null, ': expected an object, got null'],
    ['no services', {}, 'services: required, expected a list (The services that this lane scales.)'],
    ['an empty list', { services: [] }, 'services: expected at least one service, got an empty list'],
    ['a service that is no object', { services: [7] }, 'services[0]: expected an object, got 7'],
    [
      'an unknown key at the top',
      { services: [service], lop: {} },
      'lop: unknown key "lop", the nearest known one is "loop"; allowed here: $schema, loop, services',
    ],
    [
      'a lane name',
      { loop: { name: 'a b' }, services: [service] },
      'loop.name: expected 1 to 64 letters, digits, "-" or "_", got "a b"',
    ],
    [
      'an interval beyond its bounds',
      { loop: { interval: '90s' }, services: [service] },
      'loop.interval: expected a duration from 1s to 60s, written like "5s", "2m" or "1h", or as a number of seconds, got "90s"',
    ],
    [
      'an interval that no Wait can do',
      { loop: { interval: '2500ms' }, services: [service] },
      'loop.interval: expected whole seconds: a Step Functions Wait knows no less, got "2500ms"',
    ],
  ];
  test.each(cases)('%s', (_, raw, problem) => expect(problems(raw)).toEqual([problem]));

  const inService: readonly (readonly [string, Readonly<Record<string, unknown>>, string])[] = [
    ['a missing key', { tasks: {} }, 'tasks.max: required, expected a whole number (The most tasks, ever.)'],
    ['a fraction of a task', { tasks: { max: 1.5 } }, 'tasks.max: expected a whole number, got 1.5'],
    [
      'a negative count',
      { tasks: { max: 5, min: -1 } },
      'tasks.min: expected a number of at least 0, got -1',
    ],
    [
      'a number in quotes',
      { tasks: { max: '5' } },
      'tasks.max: expected a whole number, got "5"; write it without quotes',
    ],
    ['text where truth is', { disableScaleIn: 'yes' }, 'disableScaleIn: expected true or false, got "yes"'],
    ['min above max', { tasks: { min: 9, max: 3 } }, 'tasks.min: min 9 must not be above max 3'],
    [
      'a typo',
      { tasks: { max: 5, maxx: 6 } },
      'tasks.maxx: unknown key "maxx", the nearest known one is "max"; allowed here: min, max',
    ],
    ['an empty name', { cluster: '' }, 'cluster: expected at least 1 character, got ""'],
    ['a list for text', { cluster: ['a', 'b'] }, 'cluster: expected text, got a list of 2'],
    [
      'a duration',
      { cooldown: { in: 'soon' } },
      'cooldown.in: expected a duration of at least 0s, written like "5s", "2m" or "1h", or as a number of seconds, got "soon"',
    ],
    [
      'an unknown policy',
      { policy: { type: 'targt' } },
      'policy.type: unknown type "targt", the nearest known one is "target"; allowed here: threshold, target',
    ],
    ['a policy without type', { policy: {} }, 'policy.type: required, expected one of threshold, target'],
    [
      'one of several words',
      { policy: { ...service.policy, count: 'all' } },
      'policy.count: expected one of "visible", "visible+inFlight", got "all"',
    ],
    [
      'a bound that is not allowed itself',
      { policy: { type: 'target', backlogPerTask: 0 } },
      'policy.backlogPerTask: expected a number above 0, got 0',
    ],
    [
      'a share',
      { policy: { type: 'threshold', maxScaleDownFactor: 2 } },
      'policy.maxScaleDownFactor: expected a number of at most 1, got 2',
    ],
    [
      'thresholds that would flap',
      { policy: { type: 'threshold', scaleUpThreshold: 5, scaleDownThreshold: 6 } },
      'policy.scaleDownThreshold: scaleDownThreshold 6 must not be above scaleUpThreshold 5, or the count would flap',
    ],
    [
      'an unknown source',
      { source: { type: 'SQZ' } },
      'source.type: unknown type "SQZ", the nearest known one is "sqs"; allowed here: sqs, http',
    ],
    [
      'a source without its option',
      { source: { type: 'sqs' } },
      'source.queueUrl: required, expected text (The URL of the queue.)',
    ],
    [
      'an unknown option',
      { source: { ...service.source, quueUrl: 1 } },
      'source.quueUrl: unknown key "quueUrl", the nearest known one is "queueUrl"; allowed here: type, queueUrl, password',
    ],
    ['a URL', { source: { type: 'http', url: 'nginx' } }, 'source.url: expected a URL, got "nginx"'],
    [
      'a key that is no name',
      { source: { type: 'http', url: 'http://a', headers: { 'a b': 1 } } },
      'source.headers["a b"]: expected text, got 1',
    ],
    [
      'a union without type, the nearer member meant',
      { source: { type: 'http', url: 'http://a', pick: { header: 'n', index: 'x' } } },
      'source.pick.index: expected a whole number, got "x"',
    ],
    [
      'a union without type, no member meant',
      { source: { type: 'http', url: 'http://a', pick: 5 } },
      'source.pick: expected an object, got 5',
    ],
    ['no source', { source: undefined }, 'source: give either one source or several as sources: [...]'],
    [
      'source and sources',
      { sources: [service.source] },
      'source: give either one source or several as sources: [...]',
    ],
    ['no policy', { policy: undefined }, 'policy: give either one policy or several as policies: [...]'],
  ];
  test.each(inService)('%s', (_, changes, problem) =>
    expect(problemsWith(changes)).toEqual([`services[0].${problem}`]),
  );

  test('all of them are told at once, with the origin', () => {
    const act = () =>
      parseConfig({ loop: { intervall: 1 }, services: [{ cluster: 5 }, null] }, source, 'orders.yaml');
    expect(problemsOf(act).map((problem) => problem.split(':')[0])).toEqual([
      'loop.intervall',
      'services[0].cluster',
      'services[0].service',
      'services[0].tasks',
      'services[0].source',
      'services[0].policy',
      'services[1]',
    ]);
    expect(act).toThrow(/^orders\.yaml has 7 problems:\n {2}loop\.intervall: unknown key/);
  });

  test('a service that is listed twice names both places', () => {
    expect(problems({ services: [service, { ...service, service: 'mail' }, service] })).toEqual([
      'services[2]: "shop/orders" is already at services[0]; keep one of the two, with sources: [...] and policies: [...] where it needs several',
    ]);
  });
});

describe('a secret is not repeated', () => {
  test('under a key that looks like one', () => {
    const [problem] = problemsWith({ source: { ...service.source, password: 'hunter2' } });
    expect(problem).toBe(
      'services[0].source.password: expected at least 20 characters, got a value that is not shown here',
    );
  });

  test('inside a URL', () => {
    const [problem] = problemsWith({ source: { type: 'http', url: 'redis://me:hunter2@[' } });
    expect(problem).toBe('services[0].source.url: expected a URL, got "redis://…@["');
  });

  test('nor a long text at full length', () => {
    const [problem = ''] = problemsWith({ source: { type: 'http', url: 'x'.repeat(500) } });
    expect(problem.length).toBeLessThan(200);
  });
});

describe('the options of one source', () => {
  test('are parsed alone', () => {
    expect(parseSource(service.source, source, 'services[3].source')).toEqual(service.source);
  });

  test.each([
    ['services[3].source', 'services[3].source.queueUrl: required'],
    ['', 'queueUrl: required'],
  ])('put their place %p before each problem', (path, problem) => {
    expect(problemsOf(() => parseSource({ type: 'sqs' }, source, path))[0]).toContain(problem);
    expect(problemsOf(() => parseSource(3, source, path))).toEqual([`${path}: expected an object, got 3`]);
  });
});

test('whatever JSON comes, it is parsed or refused with a ConfigError', () => {
  const shaped = fc.record(
    {
      loop: fc.jsonValue(),
      services: fc.array(
        fc.oneof(
          fc.jsonValue(),
          fc.record(
            {
              cluster: fc.jsonValue(),
              service: fc.constantFrom('a', 'b'),
              tasks: fc.dictionary(fc.constantFrom('min', 'max', '__proto__'), fc.jsonValue()),
              source: fc.record({
                type: fc.constantFrom('sqs', 'http', 'toString'),
                pick: fc.jsonValue(),
                url: fc.jsonValue(),
              }),
              policies: fc.array(
                fc.record({ type: fc.constantFrom('target', 'constructor'), tolerance: fc.jsonValue() }),
              ),
            },
            { requiredKeys: [] },
          ),
        ),
      ),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), shaped), (raw) => {
      try {
        parseConfig(raw, source);
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(ConfigError);
        expect((thrown as ConfigError).problems).not.toHaveLength(0);
        expect((thrown as Error).message).not.toMatch(/something else|nothing is allowed|undefined/);
      }
    }),
    { numRuns: 500 },
  );
});
