/**
 * What nginx says of itself in stub_status:
 *
 *     Active connections: 3
 *     server accepts handled requests
 *      16630948 16630948 31070465
 *     Reading: 0 Writing: 1 Waiting: 2
 *
 * Waiting connections are open and idle. The connection that asks is active itself, and is not one of the users'.
 */

export interface Status {
  /** Connections of users that nginx is busy with. */
  readonly busy: number;
  /** Connections accepted since nginx began. */
  readonly accepted: number;
}

const ACTIVE = /^Active connections:\s*(\d+)/;
const ACCEPTED = /^server accepts handled requests[^\n]*\n\s*(\d+)\s+\d+\s+\d+/m;
const WAITING = /^Reading:\s*\d+\s+Writing:\s*\d+\s+Waiting:\s*(\d+)/m;

const OWN = 1;

/** `undefined`: this is no stub_status. */
export const statusIn = (text: string): Status | undefined => {
  const [active, accepted, waiting] = [ACTIVE, ACCEPTED, WAITING].map((pattern) => pattern.exec(text)?.[1]);
  if (active === undefined || accepted === undefined || waiting === undefined) return undefined;
  // The counters are not read in one moment, so that their difference may be one too low.
  return { busy: Math.max(0, Number(active) - Number(waiting) - OWN), accepted: Number(accepted) };
};
