import { describe, expect, test } from '@jest/globals';
import { parseConfig } from '../../lambdas/contract/parse.ts';
import { problemsOf } from './problems-of.ts';
import { service, source } from './sources.ts';

const problems = (raw: unknown) => problemsOf(() => parseConfig(raw, source));
const problemsWith = (changes: Readonly<Record<string, unknown>>) =>
  problems({ services: [{ ...service, ...changes }] });

describe('a problem names the place, the value and what is allowed', () => {
  const cases: readonly (readonly [string, unknown, string])[] = [
    ['no object', null, ': expected an object, got null'],
    ['no services', {}, 'services: required, expected a list (The services that this lane scales.)'],
    ['an empty list', { services: [] }, 'services: expected at least one service, got an empty list'],
    ['a service that is no object', { services: [7] }, 'services[0]: expected an object, got 7'],
    [
      'an unknown key at the top',
      { services: [service], lop: {} },
      'lop: unknown key "lop", the nearest known one is "loop"; allowed here: $schema, loop, defaults, clusters, groups, services',
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
      'policy.type: unknown type "targt", the nearest known one is "target"; allowed here: queueDelay, target, threshold, value, steps, presence, rules, panic, forecast, formula',
    ],
    [
      'a policy without type',
      { policy: {} },
      'policy.type: required, expected one of queueDelay, target, threshold, value, steps, presence, rules, panic, forecast, formula',
    ],
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
    [
      'a policy and policies',
      { policies: [{ type: 'queueDelay' }] },
      'policy: give either one policy or several as policies: [...]',
    ],
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
      'services[1]',
    ]);
    expect(act).toThrow(/^orders\.yaml has 6 problems:\n {2}loop\.intervall: unknown key/);
  });

  test('a service that is listed twice names both places', () => {
    expect(problems({ services: [service, { ...service, service: 'mail' }, service] })).toEqual([
      'services[2]: "shop/orders" is already at services[0]; keep one of the two, with sources: [...] and policies: [...] where it needs several',
    ]);
  });
});
