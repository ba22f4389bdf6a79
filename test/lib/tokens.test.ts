import { describe, expect, test } from '@jest/globals';
import { Lazy, Token } from 'aws-cdk-lib';
import fc from 'fast-check';
import { substitute } from '../../lambdas/contract/substitute.ts';
import {
  assertEnvironmentFits,
  environmentBytes,
  environmentProblems,
  referencedIn,
} from '../../lib/environment.ts';
import { deferTokens } from '../../lib/tokens.ts';

const token = (): string => Lazy.string({ produce: () => 'known only at deployment' });

describe('tokens in a configuration', () => {
  test('become references, and equal ones share a variable', () => {
    const url = token();
    const { value, environment, problems } = deferTokens({ a: url, b: [{ c: url }, `${token()}/x`], d: 5 });
    expect(value).toEqual({ a: '%(PULSE_1)', b: [{ c: '%(PULSE_1)' }, '%(PULSE_2)/x'], d: 5 });
    expect(environment['PULSE_1']).toBe(url);
    expect(Object.keys(environment)).toEqual(['PULSE_1', 'PULSE_2']);
    expect(problems).toEqual([]);
  });

  test('that are no text are problems with their place', () => {
    const { problems } = deferTokens({ services: [{ tasks: { max: Lazy.number({ produce: () => 5 }) } }] });
    expect(problems).toEqual([
      { path: 'services[0].tasks.max', message: expect.stringContaining('known only at deployment') },
    ]);
  });

  test('come back as they were when the references are replaced', () => {
    const leaf = fc.oneof(
      fc.string().filter((text) => !text.includes('%(')),
      fc.integer(),
      fc.boolean(),
      fc.constant(null).map(token),
    );
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        leaf,
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(fc.string(), tie('tree'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(tree, (raw) => {
        const { value, environment } = deferTokens(raw);
        expect(JSON.stringify(value)).not.toContain('${Token[');
        expect(substitute(value, environment)).toEqual(substitute(raw, {}));
      }),
    );
  });
});

describe('the environment of the functions', () => {
  test('has only what the configuration refers to', () => {
    const environment = { USED: 'a', ALSO: 'b', HOME: '/root' };
    expect(referencedIn({ x: ['%(USED)/%(ALSO)'], y: '%(MISSING)' }, environment)).toEqual({
      USED: 'a',
      ALSO: 'b',
    });
  });

  test('is measured in bytes; a token counts as 100', () => {
    expect(environmentBytes({ NAME: 'four' })).toBe(8);
    expect(environmentBytes({ NAME: 'ä' })).toBe(6);
    expect(environmentBytes({ NAME: `${Token.asString({ Ref: 'X' })}/ab` })).toBe(107);
  });

  test('above 4 KB is refused with the remedy', () => {
    const of = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`PULSE_${index}`, token()]));
    expect(() => assertEnvironmentFits('default', of(30))).not.toThrow();
    expect(() => assertEnvironmentFits('default', of(40))).toThrow(
      /lane default.*4096.*40 values.*physical names/s,
    );
  });

  test.each([
    ['DB_PASSWORD', 'hunter2', 'secret'],
    ['API_KEY', 'abc', 'secret'],
    ['AWS_REGION', 'x', 'reserved'],
    ['PULSESCALE_BUCKET', 'x', 'reserved'],
    ['PULSE_3', 'x', 'reserved'],
    ['disable_scalein', 'no', 'reserved'],
    ['1ST', 'x', 'expected a letter'],
  ])('%s = %s is refused: %s', (name, value, why) => {
    expect(environmentProblems({ [name]: value })).toEqual([
      { path: `environment.${name}`, message: expect.stringContaining(why) },
    ]);
  });

  test.each([
    ['STAGE', 'prod'],
    ['DB_PASSWORD', 'arn:aws:secretsmanager:us-east-1:123456789012:secret:db'],
    ['DB_SECRET', Token.asString({ Ref: 'Secret' })],
  ])('%s may be given', (name, value) => {
    expect(environmentProblems({ [name]: value })).toEqual([]);
  });
});
