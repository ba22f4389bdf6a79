import * as z from 'zod';

/** Two sources with every kind of option that a message must have words for. */
export const source = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('sqs'),
    queueUrl: z.url().meta({ description: 'The URL of the queue.' }),
    password: z.string().min(20).optional(),
  }),
  z.strictObject({
    type: z.literal('http'),
    url: z.url(),
    pick: z
      .union([z.strictObject({ path: z.string() }), z.strictObject({ header: z.string(), index: z.int() })])
      .optional(),
    headers: z.record(z.string(), z.string()).optional(),
  }),
]);

/** A service that lacks nothing. */
export const service = {
  cluster: 'shop',
  service: 'orders',
  tasks: { max: 50 },
  source: { type: 'sqs', queueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/orders' },
  policy: { type: 'target', backlogPerTask: 10 },
};
