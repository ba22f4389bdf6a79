/** The view of `--json`: one JSON object a line and nothing else, so that stdout can be piped into `jq` or a file. */
import type { Runner } from '../events.ts';

/**
 * Writes every event of the runner to `out` as one line of JSON, in the order in which they happen. It stays subscribed
 * for as long as the runner lives. JSON.stringify escapes line breaks, so a hostile service name cannot split a line.
 */
export function jsonLines(runner: Runner, out: NodeJS.WritableStream): void {
  runner.subscribe((event) => {
    out.write(`${JSON.stringify(event)}\n`);
  });
}
