import { expect, test } from '@jest/globals';
import { sightingOf } from '../../../lambdas/collect/sources/prometheus/answer.ts';

const asked = { server: 'Prometheus', emptyIs: undefined, at: '2026-11-22T12:00:00.000Z' };
const answerWith = (text: string): string =>
  JSON.stringify({ status: 'success', data: { resultType: 'scalar', result: [1, text] } });

test.each(['', ' ', 'NaN', '+Inf'])('a value of "%s" is no number, and not 0', (text) => {
  expect(sightingOf(answerWith(text), asked)).toMatchObject({ known: false, error: 'NoNumber' });
});

test('0 is one', () => {
  expect(sightingOf(answerWith('0'), asked)).toMatchObject({ known: true, value: 0 });
});
