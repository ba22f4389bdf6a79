/**
 * What decide, the pure room, is handed of libraries and parsers. Compiled once per process: texts of a configuration
 * come back at every tick.
 *
 * croner does the arithmetic of cron lines and time zones. It is loaded when a service has a schedule and not before: in a
 * Lambda it is a file of its own, and a cold start without a schedule does not pay for it.
 */
import { type Expression, parseExpression } from './contract/expression.ts';
import type { ScheduleWindow } from './contract/guards.ts';
import type { Tools } from './contract/tools.ts';

const expressions = new Map<string, Expression>();

const expression = (text: string): Expression => {
  const known = expressions.get(text);
  if (known !== undefined) return known;
  const compiled = parseExpression(text);
  expressions.set(text, compiled);
  return compiled;
};

type Croner = typeof import('croner');
let croner: Croner | undefined;
const crons = new Map<string, InstanceType<Croner['Cron']>>();

const cron = (line: string, timezone: string): InstanceType<Croner['Cron']> => {
  const key = `${timezone} ${line}`;
  const known = crons.get(key);
  if (known !== undefined) return known;
  if (croner === undefined) throw new Error('the tools were not loaded for a schedule');
  const compiled = new croner.Cron(line, { timezone, paused: true });
  crons.set(key, compiled);
  return compiled;
};

/** Open when it closes before it opens the next time, as KEDA's cron scaler tells it. */
const isOpen = ({ start, end, timezone }: ScheduleWindow, at: string): boolean => {
  const now = new Date(at);
  const opens = cron(start, timezone).nextRun(now);
  const closes = cron(end, timezone).nextRun(now);
  return closes !== null && (opens === null || closes < opens);
};

/** The tools for these services. */
export const toolsFor = async (services: readonly { readonly schedule?: unknown }[]): Promise<Tools> => {
  if (services.some(({ schedule }) => schedule !== undefined)) croner ??= await import('croner');
  return { expression, isOpen };
};
