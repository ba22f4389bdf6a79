/** `pulsescale run --json` in a process of its own, and what it wrote. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { LoopEvent, RunnerEvent } from '../../local/events.ts';

export interface Run {
  readonly code: number | null;
  readonly events: readonly RunnerEvent[];
  readonly errors: string;
}

export const run = async (args: readonly string[], env: Record<string, string> = {}): Promise<Run> => {
  const { PULSESCALE_BUCKET: _bucket, ...clean } = process.env;
  const child = spawn(process.execPath, ['local/cli.ts', 'run', '--json', ...args], {
    env: { ...clean, ...env },
  });
  let stdout = '';
  let errors = '';
  child.stdout.on('data', (chunk) => {
    stdout += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    errors += String(chunk);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  const events = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as RunnerEvent);
  return { code, events, errors };
};

export const of = <K extends RunnerEvent['kind']>(events: readonly RunnerEvent[], kind: K) =>
  events.filter((event): event is Extract<RunnerEvent, { kind: K }> => event.kind === kind);

export const eventsNamed = (events: readonly RunnerEvent[], name: LoopEvent['event']) =>
  of(events, 'event').filter(({ event }) => event === name);
