/** Every source there is. A new one costs its file, its test and one line here. */
import * as z from 'zod';
import type { Source } from '../../contract/source.ts';
import { sourceRules } from '../../contract/source-rules.ts';
import { activemq } from './activemq.ts';
import { cloudwatch } from './cloudwatch.ts';
import { http } from './http.ts';
import { kafka } from './kafka.ts';
import { kinesis } from './kinesis.ts';
import { nginx } from './nginx.ts';
import { prometheus } from './prometheus.ts';
import { rabbitmq } from './rabbitmq.ts';
import { redis } from './redis.ts';
import { sns } from './sns.ts';
import { sqs } from './sqs.ts';

const registered = [
  activemq,
  cloudwatch,
  http,
  kafka,
  kinesis,
  nginx,
  prometheus,
  rabbitmq,
  redis,
  sns,
  sqs,
] as const;
type Options = (typeof registered)[number]['options'];

/** By the `type` that a configuration names. */
export const sources: Readonly<Record<string, Source>> = Object.fromEntries(
  // Each source is typed by its own options; the registry hands a source only what its own schema has parsed.
  registered.map((source) => [source.type, source as unknown as Source]),
);

/** The options of every source, told apart by `type`. */
export const sourceSchema = z.discriminatedUnion(
  'type',
  // A map forgets that a list is not empty, which a union insists on.
  registered.map(({ options }) => options) as [Options, ...Options[]],
);

const typed = (options: unknown): Source | undefined => sources[(options as { readonly type: string }).type];

sourceRules.add(sourceSchema, {
  blindToInFlight: (options) => typed(options)?.blindToInFlight?.(options),
  reports: (options) => typed(options)?.numbers?.(options) ?? typed(options)?.reports ?? [],
});
