/** Groups as they are written: whom a name means, who comes first, and what is refused. */
import { describe, expect, test } from '@jest/globals';
import { anySource } from '../../lambdas/contract/config.ts';
import { groupsOf } from '../../lambdas/contract/group-rules.ts';
import type { Group } from '../../lambdas/contract/groups.ts';
import { parseConfig } from '../../lambdas/contract/parse.ts';
import { problemsOf } from './problems-of.ts';

const ARN = 'arn:aws:ecs:eu-west-1:123456789012:cluster/far';
const source = { type: 'sqs', queueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/orders' };
const service = (cluster: string, name: string, min: number) => ({
  cluster,
  service: name,
  tasks: { min, max: 20 },
  source,
});
const services = [
  service('shop', 'pay', 2),
  service('yard', 'pack', 1),
  service('shop', 'mail', 0),
  service(ARN, 'ship', 1),
];

const parse = (groups: unknown) => parseConfig({ services, groups }, anySource);
const groups = (...written: readonly unknown[]): readonly Group[] => groupsOf(parse(written));
const problems = (...written: readonly unknown[]) => problemsOf(() => parse(written));

describe('members', () => {
  test.each([
    ['by their names, in the order of the services', ['shop/mail', 'shop/pay'], ['shop/pay', 'shop/mail']],
    ['all of a cluster', ['shop/*'], ['shop/pay', 'shop/mail']],
    ['of several clusters', ['yard/pack', 'shop/*'], ['shop/pay', 'yard/pack', 'shop/mail']],
    ['of a cluster by its ARN', [`${ARN}/*`], [`${ARN}/ship`]],
    ['once, however often they are named', ['shop/*', 'shop/pay', 'shop/pay'], ['shop/pay', 'shop/mail']],
  ])('%s', (_, written, expected) => {
    expect(groups({ services: written, maxTotalTasks: 9 })[0]?.services).toEqual(expected);
  });
});

describe('who comes first', () => {
  const rank = (priority: unknown) =>
    groups({ services: ['shop/*', 'yard/*'], maxTotalTasks: 9, priority })[0]?.rank;

  test.each([
    ['a list, the first of it highest', ['yard/pack', 'shop/mail'], { 'yard/pack': 2, 'shop/mail': 1 }],
    ['numbers', { 'shop/pay': 7, 'yard/pack': -1 }, { 'shop/pay': 7, 'yard/pack': -1 }],
    ['all of a cluster alike', ['shop/*'], { 'shop/pay': 1, 'shop/mail': 1 }],
    [
      'a name before the cluster that it is in',
      { 'shop/mail': 1, 'shop/*': 5 },
      { 'shop/pay': 5, 'shop/mail': 1 },
    ],
    ['the same in the other order', { 'shop/*': 5, 'shop/mail': 1 }, { 'shop/pay': 5, 'shop/mail': 1 }],
    ['nobody', undefined, {}],
  ])('%s', (_, priority, expected) => expect(rank(priority)).toEqual(expected));
});

describe('refused is', () => {
  test.each<[string, readonly unknown[], readonly (string | RegExp)[]]>([
    [
      'an unknown member, with the nearest known one',
      [{ services: ['shop/pay', 'shop/mial'], maxTotalTasks: 9 }],
      [
        /^groups\[0\]\.services\[1\]: unknown service "shop\/mial", the nearest known one is "shop\/mail"; allowed here: shop\/pay, /,
      ],
    ],
    [
      'a cluster that has no service',
      [{ services: ['shp/*'], maxTotalTasks: 9 }],
      [/^groups\[0\]\.services\[0\]: unknown service "shp\/\*"/],
    ],
    [
      'a service without its cluster',
      [{ services: ['pay'], maxTotalTasks: 9 }],
      [/^groups\[0\]\.services\[0\]: unknown service "pay", the nearest known one is/],
    ],
    [
      'a service in two groups',
      [
        { services: ['shop/*'], maxTotalTasks: 9 },
        { services: ['yard/*', 'shop/pay'], maxTotalTasks: 9 },
      ],
      ['groups[1].services: "shop/pay" is in groups[0] already; a service has one budget'],
    ],
    [
      'a budget below what the members have at least',
      [{ services: ['shop/*', 'yard/*'], maxTotalTasks: 2 }],
      [
        'groups[0].maxTotalTasks: 2 is below 3, what these services have as tasks.min together; raise it, or lower those',
      ],
    ],
    [
      'a priority of nobody in the group',
      [{ services: ['shop/*'], maxTotalTasks: 9, priority: ['shop/pay', 'yard/pack'] }],
      [/^groups\[0\]\.priority\[1\]: unknown service "yard\/pack".*allowed here: shop\/pay, shop\/mail$/],
    ],
    [
      'the same as a number',
      [{ services: ['shop/*'], maxTotalTasks: 9, priority: { 'yard/pack': 1 } }],
      [/^groups\[0\]\.priority: unknown service "yard\/pack"/],
    ],
    [
      'a priority that is named twice',
      [{ services: ['shop/*'], maxTotalTasks: 9, priority: ['shop/pay', 'shop/mail', 'shop/pay'] }],
      ['groups[0].priority[2]: "shop/pay" is at priority[0] already; keep one of the two'],
    ],
    [
      'words for numbers',
      [{ services: ['shop/*'], maxTotalTasks: 9, priority: 'shop/pay' }],
      [
        /^groups\[0\]\.priority: expected services, the most important first, or \{ service: a whole number \}/,
      ],
    ],
    [
      'a group of nobody',
      [{ services: [], maxTotalTasks: 9 }],
      [/^groups\[0\]\.services: expected at least 1 item/],
    ],
    [
      'a budget of part of a task',
      [{ services: ['shop/*'], maxTotalTasks: 2.5 }],
      [/^groups\[0\]\.maxTotalTasks: expected a whole number/],
    ],
  ])('%s', (_, written, expected) => {
    expect(problems(...written)).toEqual(
      expected.map((each) => (typeof each === 'string' ? each : expect.stringMatching(each))),
    );
  });

  test('but not a budget of exactly what the members have at least', () => {
    expect(groups({ services: ['shop/*', 'yard/*'], maxTotalTasks: 3 })[0]?.maxTotalTasks).toBe(3);
  });
});
