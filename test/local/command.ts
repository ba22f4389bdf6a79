/** `pulsescale run --json` in a process of its own, and what it wrote. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { LoopEvent, RunnerEvent } from '../../local/events.ts';

export interface Run {
  readonly code: number | null;
  readonly events: readonly RunnerEvent[];
  readonly errors: string;
}

const eventsIn = (stdout: string): readonly RunnerEvent[] =>
  stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as RunnerEvent);

/** @param until asked after each event: it is stopped as by Ctrl-C as soon as this is so, and else when its seconds are over */
export const run = async (
  args: readonly string[],
  env: Record<string, string> = {},
  until?: (events: readonly RunnerEvent[]) => boolean,
): Promise<Run> => {
  const { PULSESCALE_BUCKET: _bucket, ...clean } = process.env;
  const child = spawn(process.execPath, ['local/cli.ts', 'run', '--json', ...args], {
    env: { ...clean, ...env },
  });
  let stdout = '';
  let errors = '';
  child.stdout.on('data', (chunk) => {
    stdout += String(chunk);
    // A second signal would kill what is about to end by itself.
    if (!child.killed && until?.(eventsIn(stdout.slice(0, stdout.lastIndexOf('\n') + 1))))
      child.kill('SIGTERM');
  });
  child.stderr.on('data', (chunk) => {
    errors += String(chunk);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, events: eventsIn(stdout), errors };
};

export const of = <K extends RunnerEvent['kind']>(events: readonly RunnerEvent[], kind: K) =>
  events.filter((event): event is Extract<RunnerEvent, { kind: K }> => event.kind === kind);

export const eventsNamed = (events: readonly RunnerEvent[], name: LoopEvent['event']) =>
  of(events, 'event').filter(({ event }) => event === name);
