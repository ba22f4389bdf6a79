import { expect, test } from '@jest/globals';
import { allBrief } from '../../lambdas/collect/readings.ts';
import type { Reading } from '../../lambdas/contract/records.ts';

const why = 'x'.repeat(300);
const unread: Reading = { known: false, why, error: 'Error' };
const noted: Reading = { known: true, visible: 1, at: '2026-11-22T12:00:00.000Z', notes: [why, why, why] };

const textsOf = (services: number, readings: readonly Reading[]): readonly string[] =>
  allBrief(Array.from({ length: services }, () => ({ readings: [...readings], memory: {} })))
    .flatMap((service) => service.readings)
    .flatMap((reading) => (reading.known ? (reading.notes ?? []) : [reading.why]));

test('a lane with room says 240 characters of each reason and of two notes', () => {
  expect(textsOf(30, [unread, noted])).toEqual(Array(90).fill(`${'x'.repeat(240)}…`));
});

test.each([
  ['one source', 100, [unread]],
  ['two sources', 100, [unread, unread]],
  ['two sources with notes', 100, [noted, noted]],
])('a full lane of services with %s says no more than the state has room for', (_, services, readings) => {
  const texts = textsOf(services, readings);
  expect(texts.join('').replaceAll('…', '').length).toBe(24_000);
});
