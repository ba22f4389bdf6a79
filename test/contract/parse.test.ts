import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { anySource } from '../../lambdas/contract/config.ts';
import { ConfigError } from '../../lambdas/contract/errors.ts';
import { parseConfig, parseSource } from '../../lambdas/contract/parse.ts';
import { problemsOf } from './problems-of.ts';
import { service, source } from './sources.ts';

const problemsWith = (changes: Readonly<Record<string, unknown>>) =>
  problemsOf(() => parseConfig({ services: [{ ...service, ...changes }] }, source));

describe('a configuration that is right', () => {
  test('is filled with the defaults, durations in seconds', () => {
    expect(parseConfig({ services: [service] }, source)).toEqual({
      loop: { name: 'default', interval: 5, executionLength: 60 },
      services: [
        {
          ...service,
          tasks: { min: 0, max: 50 },
          policy: { ...service.policy, count: 'visible+inFlight', tolerance: { out: 0.1, in: 0.1 } },
          combine: 'max',
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
