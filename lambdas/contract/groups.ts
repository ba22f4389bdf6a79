/**
 * Services that share a budget of tasks: what a configuration says of them, and the same with every name resolved (by `group-rules.ts`), as
 * decide gets it.
 */
import * as z from 'zod';

export const groupSchema = z
  .strictObject({
    services: z.array(z.string().min(1)).min(1).meta({
      description: 'Services as cluster/service, or cluster/* for all of a cluster.',
    }),
    maxTotalTasks: z
      .int()
      .nonnegative()
      .meta({ description: 'The most tasks that all of them have together.' }),
    priority: z
      .union([z.array(z.string()), z.record(z.string(), z.int())], {
        error: 'expected services, the most important first, or { service: a whole number }',
      })
      .optional()
      .meta({
        description:
          'Who is served first: services, the most important first, or a number for each, the higher first. Who is not named comes last (0). Among equals the need counts.',
      }),
  })
  .meta({ description: 'A budget of tasks that several services share.' });

export interface Group {
  /** `cluster/service` of every member, in the order of the configuration. */
  readonly services: readonly string[];
  readonly maxTotalTasks: number;
  /** By `cluster/service`, the higher first; 0 where it is left out. */
  readonly rank: Readonly<Record<string, number>>;
}

/** As they travel from room to room. */
export const groupsSchema = z
  .array(
    z.object({
      services: z.array(z.string()),
      maxTotalTasks: z.number(),
      rank: z.record(z.string(), z.number()),
    }),
  )
  .default([]);
