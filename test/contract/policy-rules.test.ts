/** What of a service does not go together, said when the configuration is loaded, with the real sources. */
import { describe, expect, test } from '@jest/globals';
import { sourceSchema } from '../../lambdas/collect/sources/registry.ts';
import { anySource, type Service } from '../../lambdas/contract/config.ts';
import { COUNT_NAMES, GUARD_NAMES, READING_NAMES } from '../../lambdas/contract/name-rules.ts';
import { parseConfig } from '../../lambdas/contract/parse.ts';
import { guards } from '../../lambdas/decide/guards/registry.ts';
import * as names from '../../lambdas/decide/names.ts';
import { problemsOf } from './problems-of.ts';

type Given = Readonly<Record<string, unknown>>;

const orders = {
  type: 'sqs',
  name: 'orders',
  queueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/orders',
};
const mails = { ...orders, name: 'mails', queueUrl: `${orders.queueUrl}-mails` };
const cpu = { type: 'cloudwatch', name: 'cpu', namespace: 'AWS/ECS', metricName: 'CPUUtilization' };
const stats = {
  type: 'http',
  name: 'stats',
  url: 'http://orders.internal/stats',
  fields: { waiting: 'a', failed: 'b' },
};
const target = { type: 'target', backlogPerTask: 10 };

const raw = (given: Given) => {
  const usual = 'sources' in given ? {} : { source: orders };
  return {
    services: [{ cluster: 'shop', service: 'orders', tasks: { min: 2, max: 50 }, ...usual, ...given }],
  };
};
const load = (given: Given, source: typeof anySource | typeof sourceSchema = sourceSchema): Service => {
  const [service] = parseConfig(raw(given), source).services;
  if (service === undefined) throw new Error('there is one service');
  return service;
};
const problems = (given: Given, source: typeof anySource | typeof sourceSchema = sourceSchema) =>
  problemsOf(() => load(given, source));
const formula = (tasks: string, more: Given = {}) => ({ type: 'formula', tasks, ...more });

test('the names that are reserved are those that decide knows', () => {
  expect(READING_NAMES.toSorted()).toEqual([...names.READING_NAMES].sort());
  expect(COUNT_NAMES).toEqual(names.COUNT_NAMES);
  // A budget shared with other services speaks like a guard, after all of them.
  expect(GUARD_NAMES.toSorted()).toEqual([...guards.map(({ by }) => by), 'group'].sort());
});

describe('what a policy may be called', () => {
  test.each([
    ['visible', '"visible" is what a source reports already; choose another'],
    ['desired', '"desired" is a count of the service already; choose another'],
    ['max', '"max" is a count of the service already; choose another'],
    ['not', '"not" is an operator of expressions already; choose another'],
    ['ceil', '"ceil" is a function of expressions already; choose another'],
    ['limits', '"limits" is a guard already; choose another'],
    ['first', '"first" is a way to combine already; choose another'],
    ['constructor', 'expected a word that is not every JavaScript object\'s own, got "constructor"'],
  ])('%s', (name, message) =>
    expect(problems({ policies: [target, { ...target, name }] })).toEqual([
      `services[0].policies[1].name: ${message}`,
    ]),
  );

  test('one name for two is told once, whichever was given it', () => {
    const one = { ...target, name: 'a' };
    expect(problems({ policies: [one, one] })).toEqual([
      'services[0].policies[1].name: "a" is policies[0] already; choose another',
    ]);
    expect(problems({ policies: [{ type: 'threshold', name: 'target' }, target] })).toEqual([
      'services[0].policies[0].name: "target" is policies[1] already; choose another',
    ]);
  });

  test('two of a type without names are fine as long as nobody refers to them', () => {
    const policies = [
      { ...target, source: 'orders' },
      { ...target, source: 'mails' },
    ];
    expect(load({ sources: [orders, mails], policies }).policies).toHaveLength(2);
    expect(problems({ sources: [orders, mails], policies, combine: 'target + 1' })).toEqual([
      'services[0].combine: 2 policies are called "target"; give each a name',
    ]);
    expect(problems({ sources: [orders, mails], policies: [...policies, formula('target * 2')] })).toEqual([
      'services[0].policies[2].tasks: 2 policies are called "target"; give each a name',
    ]);
  });
});

describe('what a source may be called', () => {
  test.each([
    ['visible', '"visible" is what a source reports already; choose another'],
    ['running', '"running" is a count of the service already; choose another'],
    ['target', '"target" is policy already; choose another'],
  ])('%s', (name, message) =>
    expect(problems({ source: { ...orders, name }, policy: target })).toEqual([
      `services[0].source.name: ${message}`,
    ]),
  );

  test('its name alone, as every alias is', () => {
    expect(problems({ sources: [orders, { ...mails, name: 'orders' }], policy: target })).toEqual([
      'services[0].sources[1].name: "orders" is sources[0] already; choose another',
    ]);
    const fields = { min: 'a', steps: 'b', visible: 'c' };
    const policy = { type: 'steps', steps: [{ atLeast: 1, tasks: 3 }], metric: 'visible' };
    expect(problems({ source: { ...stats, fields }, policy })).toEqual([
      'services[0].source: alias "min" is a count of the service already; choose another',
      'services[0].source: alias "steps" is policy already; choose another',
    ]);
  });
});

describe('the source of a policy', () => {
  const tied = (source: string) => ({ ...target, source });
  test('is the name of one', () => {
    expect(load({ sources: [orders, mails], policy: tied('mails') }).policy?.source).toBe('mails');
    expect(problems({ sources: [orders, mails], policy: tied('mail') })).toEqual([
      'services[0].policy.source: unknown source "mail", the nearest known one is "mails"; allowed here: orders, mails',
    ]);
    const { name: _, ...nameless } = orders;
    expect(problems({ source: nameless, policy: tied('orders') })).toEqual([
      'services[0].policy.source: no source has a name; give the one that is meant name: orders',
    ]);
  });
  test('is none where they stand in for each other', () => {
    expect(problems({ sources: [orders, mails], policy: tied('mails'), combine: 'first' })).toEqual([
      'services[0].policy.source: with combine: first the sources stand in for each other, so no policy can look at one of them alone; leave it out',
    ]);
  });
});

describe('the names in an expression', () => {
  test.each([
    ['of a reading', 'visible + inFlight'],
    ['of counts', 'if(running < desired, max, min) + pending'],
    ['of its source', 'orders + orders.visible'],
    ['of an alias', 'waiting + stats.failed'],
    ['of a policy above', 'base * 2'],
    ['of all', 'ceil((orders.visible + waiting) / cpu) + base'],
  ])('%s', (_, tasks) => {
    const policies = [{ ...target, name: 'base' }, formula(tasks)];
    expect(load({ sources: [orders, mails, cpu, stats], policies }).policies).toHaveLength(2);
  });

  test.each([
    [
      'a typo',
      'visble / 10',
      'unknown name "visble", the nearest known one is "visible"; allowed here: backlog, visible, inFlight, delayed, value, waiting, failed, orders, cpu, stats, base, desired, running, pending, min, max',
    ],
    [
      'a number that no source here reports',
      'oldestAgeSeconds',
      '"oldestAgeSeconds" is what a source may report, but no source that it looks at; reported are backlog, visible, inFlight, delayed, value, waiting, failed',
    ],
    [
      'a number that this source does not report',
      'orders.value',
      '"value" is what a source may report, but not "orders"; reported are backlog, visible, inFlight, delayed',
    ],
    ['itself', 'formula + 1', '"formula" is the policy itself; an expression can use those above it'],
    ['one below', 'last + 1', '"last" is policies[2], which stands below; move it above this one'],
    ['a forecast', 'forecast', '"forecast" is a forecast, which is asked after all others; leave it out'],
    [
      'what several report and no sum can be made of',
      'value * visible',
      'several sources report "value"; give each a name and write NAME.value, or tie the policy to one with source',
    ],
  ])('%s', (_, tasks, message) => {
    const policies = [
      { ...target, name: 'base' },
      formula(tasks),
      { ...target, name: 'last' },
      { type: 'forecast' },
    ];
    const sources = [orders, cpu, { ...stats, alias: 'waiting' }];
    expect(problems({ sources, policies })).toEqual([`services[0].policies[1].tasks: ${message}`]);
  });

  test('every place that takes one', () => {
    const policies = [
      { type: 'value', metric: 'cpus', target: 70, name: 'a' },
      { type: 'steps', metric: 'cpus', steps: [{ atLeast: 1, tasks: 1 }] },
      {
        type: 'rules',
        events: [
          { metric: 'cpu', action: 1 },
          { metric: 'cpus', action: -1 },
        ],
      },
    ];
    expect(problems({ source: cpu, policies }).map((each) => each.split(':')[0])).toEqual([
      'services[0].policies[0].metric',
      'services[0].policies[1].metric',
      'services[0].policies[2].events[1].metric',
    ]);
  });

  test('of another source than its own, or of one that others stand in for', () => {
    const sources = [orders, mails];
    expect(problems({ sources, policy: formula('mails.visible', { source: 'orders' }) })).toEqual([
      'services[0].policy.tasks: "mails.visible" is of another source than the one this policy looks at; leave its source out',
    ]);
    expect(problems({ sources, policy: formula('mails.visible'), combine: 'first' })).toEqual([
      'services[0].policy.tasks: with combine: first the sources stand in for each other; write visible in place of "mails.visible"',
    ]);
  });

  test('the name of a source with several numbers is too little, unless one is its value', () => {
    expect(problems({ source: stats, policy: formula('stats.wait') })).toEqual([
      expect.stringContaining('unknown number "wait", the nearest known one is "waiting"'),
    ]);
    expect(problems({ source: stats, policy: formula('stats / 10') })).toEqual([
      'services[0].policy.tasks: "stats" reports several numbers; write stats.waiting or stats.failed',
    ]);
    expect(problems({ source: stats, policy: formula('value / 10') })).toEqual([
      expect.stringContaining('but no source that it looks at; reported are waiting, failed'),
    ]);
    expect(
      load({ source: { ...stats, alias: 'failed' }, policy: formula('stats + value') }).source?.['alias'],
    ).toBe('failed');
  });

  test('value is a reading and a policy at once only where both are there', () => {
    const value = { type: 'value', target: 70 };
    expect(problems({ source: cpu, policies: [value, formula('value / 10')] })).toEqual([
      'services[0].policies[1].tasks: "value" is what a source reports and a policy too; give that policy a name',
    ]);
    const policies = [{ ...value, name: 'busy' }, formula('max(busy, value / 10)')];
    expect(load({ source: cpu, policies }).policies).toHaveLength(2);
    expect(load({ source: cpu, policies: [value], combine: 'value + 1' }).combine).toBe('value + 1');
  });

  test('a room that reads no sources does not know what they report, and what policies there are all the same', () => {
    const policies = [formula('waitin + stats.wait'), { ...target, name: 'last' }];
    expect(load({ source: stats, policies }, anySource).policies).toHaveLength(2);
    expect(problems({ source: stats, policies: [formula('last'), policies[1]] }, anySource)).toEqual([
      'services[0].policies[0].tasks: "last" is policies[1], which stands below; move it above this one',
    ]);
  });
});

describe('combine', () => {
  const policies = [target, { type: 'threshold', name: 'slow' }, { type: 'forecast' }];
  test('is one of the words, or arithmetic over policies and counts', () => {
    expect(load({ policies, combine: 'min(target, slow) + desired - running' }).policies).toHaveLength(3);
    expect(problems({ policies, combine: 'maximum' })).toEqual([
      'services[0].combine: unknown policy "maximum", the nearest known one is "max"; allowed here: target, slow, desired, running, pending, min, max; or one of max, highest, min, sum, first',
    ]);
    expect(problems({ policies, combine: 'target + visible' })).toEqual([
      expect.stringContaining('services[0].combine: unknown policy "visible"'),
    ]);
    expect(problems({ policies, combine: 'target + forecast' })).toEqual([
      'services[0].combine: "forecast" is a forecast, which is asked after all others; leave it out',
    ]);
    expect(problems({ policies, combine: 'target +' })).toEqual([
      expect.stringContaining('services[0].combine: ends where a number or a name is expected'),
    ]);
  });

  const sources = [orders, mails];
  const relative = {
    threshold: { type: 'threshold' },
    value: { type: 'value', target: 5 },
    rules: { type: 'rules', events: [{ metric: 'visible', action: 1 }] },
    steps: { type: 'steps', steps: [{ atLeast: 1, change: 1 }] },
  };
  test.each(Object.entries(relative))('sum would grow at every tick with %s', (type, policy) => {
    const told = [
      expect.stringMatching(
        new RegExp(
          `^services\\[0\\]\\.combine: sum adds whole counts up, and ${type} answers .* use max, or `,
        ),
      ),
    ];
    expect(problems({ sources, policy, combine: 'sum' })).toEqual(told);
    expect(problems({ policies: [policy, target], combine: 'sum' })).toEqual(told);
    expect(load({ sources, policy, combine: 'max' }).combine).toBe('max');
    expect(load({ policy, combine: 'sum' }).combine).toBe('sum');
    expect(load({ sources, policy: { ...policy, source: 'orders' }, combine: 'sum' }).combine).toBe('sum');
  });
  test('sum adds up what is computed', () => {
    const steps = { type: 'steps', steps: [{ atLeast: 1, tasks: 3 }] };
    const policies = [target, steps, formula('visible')];
    expect(load({ sources, policies, combine: 'sum' }).combine).toBe('sum');
  });
});

describe('queueDelay', () => {
  const refused = (kind: string, tie = '') =>
    `services[0].policy: queueDelay (the rule where none is given) plans for messages that wait, and ${kind} reports none; ${tie}use target, value or steps`;
  test('is refused where no source reports messages, given or not', () => {
    expect(problems({ source: cpu })).toEqual([refused('cloudwatch')]);
    expect(problems({ source: { type: 'nginx' }, policy: { type: 'queueDelay' } })).toEqual([
      refused('nginx'),
    ]);
    expect(problems({ sources: [cpu, stats], policy: { type: 'queueDelay', source: 'stats' } })).toEqual([
      refused('http'),
    ]);
    expect(problems({ source: { type: 'sns', topicName: 'orders' } })).toEqual([refused('sns')]);
    const prometheus = { type: 'prometheus', url: 'http://prometheus:9090', query: 'up' };
    expect(problems({ source: prometheus })).toEqual([refused('prometheus')]);
  });
  test('is refused beside one that reports none, and taken when it is tied to a queue', () => {
    const sources = [orders, cpu];
    expect(problems({ sources })).toEqual([
      refused('cloudwatch', 'tie it to a queue with source: NAME, or '),
    ]);
    expect(problems({ sources, combine: 'first' })).toEqual([refused('cloudwatch')]);
    const policies = [
      { type: 'queueDelay', source: 'orders' },
      { type: 'value', target: 70, source: 'cpu' },
    ];
    expect(load({ sources, policies }).policies).toHaveLength(2);
  });
});

describe('messages in flight that a source cannot see', () => {
  const amqp = { type: 'rabbitmq', host: 'rabbit', queue: 'orders', name: 'rabbit' };
  const refused = expect.stringContaining('over AMQP RabbitMQ tells what waits in a queue');
  test('the rule where none is given counts them', () => {
    expect(problems({ source: amqp })).toEqual([refused]);
  });
  test('only the sources count that a policy looks at', () => {
    const visible = { ...target, count: 'visible' };
    const sources = [amqp, orders];
    const policies = [
      { ...visible, source: 'rabbit' },
      { type: 'queueDelay', source: 'orders' },
    ];
    expect(load({ sources, policies }).policies).toHaveLength(2);
    expect(problems({ sources, policies: [visible, { type: 'queueDelay' }] })).toEqual([
      expect.stringMatching(/^services\[0\]\.sources\[0\]: over AMQP/),
    ]);
  });
  test.each([
    ['inFlight', true],
    ['backlog / 10', true],
    ['rabbit / 10', true],
    ['rabbit.backlog', true],
    ['visible', false],
    ['rabbit.visible', false],
    ['desired', false],
  ])('by name: %s', (tasks, counts) => {
    const given = { source: amqp, policy: formula(tasks) };
    if (counts) expect(problems(given)).toEqual([refused]);
    else expect(load(given).policy?.type).toBe('formula');
  });
});

describe('what is remembered', () => {
  const many = Array.from({ length: 5 }, (_, nth) => ({ ...orders, name: `q${nth}` }));
  const refused = (place: string, windows: number) =>
    expect.stringMatching(
      new RegExp(
        `^services\\[0\\]\\.${place}: needs ${windows} places to remember in, and a service has 4: .*tie policies`,
      ),
    );
  test('has four places', () => {
    expect(load({ sources: many.slice(0, 4) }).sources).toHaveLength(4);
    expect(problems({ sources: many })).toEqual([refused('policy', 5)]);
    const policies = [{ type: 'queueDelay' }, { type: 'presence' }, { type: 'forecast' }];
    expect(load({ policies }).policies).toHaveLength(3);
    expect(problems({ sources: many.slice(0, 2), policies })).toEqual([refused('policies', 6)]);
    const tied = policies.map((policy) => ({ ...policy, source: 'q0' }));
    expect(load({ sources: many, policies: tied }).policies).toHaveLength(3);
  });
  test('needs none for rules without memory, and one for sources of which one is read', () => {
    expect(load({ sources: many, policy: target }).sources).toHaveLength(5);
    expect(load({ sources: many, combine: 'first' }).sources).toHaveLength(5);
  });
});

test('a forecast needs another policy beside it', () => {
  const told = (place: string) =>
    `services[0].${place}: a forecast only raises what other policies ask for; put another beside it in policies: [...], queueDelay for one`;
  expect(problems({ policy: { type: 'forecast' } })).toEqual([told('policy')]);
  expect(problems({ policies: [{ type: 'forecast' }] })).toEqual([told('policies[0]')]);
});

describe('counts that the bounds never let through', () => {
  const window = { start: '0 8 * * *', end: '0 18 * * *' };
  const above = (what: string, count: number) =>
    `${what} ${count} is above tasks.max 50, which no decision leaves; raise tasks.max, or lower it`;
  const below = (what: string, count: number) =>
    `${what} ${count} is below tasks.min 2, which no decision leaves; lower tasks.min, or raise it`;
  test.each<[string, Given, string]>([
    ['schedule[0].min', { schedule: [{ ...window, min: 51 }] }, above('min', 51)],
    [
      'schedule[1].max',
      {
        schedule: [
          { ...window, min: 50 },
          { ...window, max: 1 },
        ],
      },
      below('max', 1),
    ],
    ['pause.at', { pause: { at: 51 } }, above('at', 51)],
    ['pause.at', { pause: { at: 0 } }, below('at', 0)],
    ['fallback.tasks', { fallback: { tasks: 60 } }, above('tasks', 60)],
    ['fallback.tasks.atLeast', { fallback: { tasks: { atLeast: 60 } } }, above('atLeast', 60)],
  ])('%s', (place, given, message) =>
    expect(problems({ ...given, policy: target })).toEqual([`services[0].${place}: ${message}`]),
  );

  test('what they do let through', () => {
    const given = {
      schedule: [
        { ...window, min: 50 },
        { ...window, max: 60 },
        { ...window, min: 0, max: 2 },
      ],
      pause: { at: 50 },
      fallback: { tasks: 0 },
    };
    expect(load({ ...given, policy: target }).schedule).toHaveLength(3);
    expect(load({ pause: 'in', fallback: { tasks: 'hold' } }).pause).toBe('in');
  });
});

test('every problem of every service is told at once', () => {
  const [service] = raw({ pause: { at: 60 }, policy: formula('nobody') }).services;
  const services = [service, { ...service, service: 'mails', policy: { type: 'forecast' } }];
  expect(problemsOf(() => parseConfig({ services }, sourceSchema)).map((each) => each.split(':')[0])).toEqual(
    ['services[0].policy.tasks', 'services[0].pause.at', 'services[1].policy', 'services[1].pause.at'],
  );
});
