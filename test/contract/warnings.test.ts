import { expect, test } from '@jest/globals';
import { anySource } from '../../lambdas/contract/config.ts';
import { parseConfig } from '../../lambdas/contract/parse.ts';
import { warningsIn } from '../../lambdas/contract/warnings.ts';
import { service } from './sources.ts';

test('unchecked certificates are warned of, wherever they stand', () => {
  const open = { type: 'redis', host: 'cache', tls: { verify: false } };
  const right = { type: 'redis', host: 'cache', tls: { ca: 'PEM' } };
  const { source: _, ...bare } = service;
  const raw = {
    services: [
      { ...service, source: open },
      { ...bare, service: 'letters', sources: [right, open] },
      { ...service, service: 'parcels', source: { type: 'redis', host: 'cache', tls: true } },
    ],
  };
  expect(warningsIn(parseConfig(raw, anySource)).map((warning) => warning.split(' ')[0])).toEqual([
    'services[0].source.tls.verify',
    'services[1].sources[1].tls.verify',
  ]);
});

test('whoever keeps a lane awake that might sleep is named', () => {
  const idle = { after: '10m' };
  const services = [
    { ...service, idle },
    { ...service, service: 'letters' },
    { ...service, service: 'parcels', tasks: { min: 2, max: 5 }, idle },
  ];
  expect(warningsIn(parseConfig({ services }, anySource))).toEqual([
    'services[1].idle: shop/letters has none and others do, so its lane never sleeps',
    'services[2].idle: shop/parcels keeps at least 2 tasks, so its lane never sleeps',
  ]);
  const [first] = services;
  expect(warningsIn(parseConfig({ services: [first] }, anySource))).toEqual([]);
  expect(warningsIn(parseConfig({ services: [services[1]] }, anySource))).toEqual([]);
});
