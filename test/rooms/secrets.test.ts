/** 8: no secret ever appears in a log line, a decision, a notice or the state's data. */
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Decision } from '../../lambdas/contract/records.ts';
import { type Lambdas, startLambdas } from '../../local/lambdas.ts';
import { AT, later } from '../samples.ts';
import { QUEUE_URL, startAws, type TestAws } from './aws.ts';

let aws: TestAws;
let log = '';

beforeAll(async () => {
  aws = await startAws({ 'orders-worker': 1 });
});
afterAll(() => aws.close());

const lambdasWith = (secret: string): Lambdas => {
  const lines = new PassThrough();
  lines.on('data', (chunk) => {
    log += String(chunk);
  });
  return startLambdas({ ...process.env, LOG_LEVEL: 'DEBUG', THE_SECRET: secret }, lines);
};

/** Wherever a person might put it: in a URL that works, in one that does not, in a name. */
const places = [
  { queueUrl: `${QUEUE_URL}?token=%(THE_SECRET)`, service: 'orders-worker' },
  { queueUrl: 'https://sqs.us-east-1.amazonaws.com/1/%(THE_SECRET)', service: 'orders-worker' },
  { queueUrl: 'no url %(THE_SECRET)', service: 'orders-worker' },
];

test('8: a value that came by %(NAME) is in nothing that leaves a room, nor in its log', async () => {
  const secret = fc.stringMatching(/^[A-Za-z0-9+/=_-]{12,40}$/);
  await fc.assert(
    fc.asyncProperty(secret, fc.constantFrom(...places), async (value, { queueUrl, service }) => {
      log = '';
      let decided: { readonly decisions: readonly Decision[] } = { decisions: [] };
      const lambdas = lambdasWith(value);
      const config = {
        loop: { name: 'secret' },
        services: [
          {
            cluster: 'shop',
            service,
            tasks: { min: 2, max: 5 },
            source: { type: 'sqs', queueUrl },
            policy: { type: 'target', backlogPerTask: 1 },
          },
        ],
      };
      try {
        aws.set('orders-worker', 1);
        await aws.putJson('lanes/secret/lease.json', {
          owner: 'e',
          term: 1,
          expiresAt: later(80),
          paused: false,
        });
        const collected = (await lambdas.invoke('collect', {
          at: AT,
          lane: 'secret',
          term: 1,
          memory: {},
          config,
        })) as object;
        decided = (await lambdas.invoke('decide', collected)) as typeof decided;
        const applied = await lambdas.invoke('apply', decided);
        expect(decided.decisions).toMatchObject([{ from: 1, to: 2 }]);
        expect(JSON.stringify([collected, decided, applied])).not.toContain(value);
        const lease = await lambdas.invoke('lease', {
          execution: 'e2',
          at: later(1),
          input: { lane: 'secret', term: 1, config },
        });
        expect(JSON.stringify(lease)).not.toContain(value);
      } finally {
        await lambdas.stop();
      }
      const lines = log
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Record<string, unknown>);
      expect(lines.find(({ message }) => message === 'decision')).toMatchObject({
        level: 'INFO',
        service: 'decide',
        lane: 'secret',
        term: 1,
        at: AT,
        decision: decided.decisions[0],
      });
      expect(log).not.toContain('reserved key');
      expect(log).not.toContain(value);
    }),
    { numRuns: 12 },
  );
}, 60_000);
