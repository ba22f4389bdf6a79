/** How the page puts things: times, numbers and reasons as text. No function here makes HTML. */

/** @typedef {import('../../../lambdas/contract/records.ts').Decision} Decision */
/** @typedef {import('../../../lambdas/contract/records.ts').Reading} Reading */
/** @typedef {import('../../../lambdas/contract/capacity.ts').CapacityDecision} CapacityDecision */
/** @typedef {import('../../events.ts').HostsEvent} HostsEvent */

const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const number = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

/** The reasons that bound a count; every other one is a policy, which proposes it. */
const guards = new Set([
  'unknown',
  'starting',
  'deployment',
  'emptyFor',
  'stabilization',
  'limits',
  'cooldown',
  'disableScaleIn',
  'schedule',
  'pause',
  'tasks',
  'dryRun',
  'idle',
  'group',
  'bounds',
  'suspended',
  'protection',
  'refresh',
  'capacityProvider',
]);

/** The time of day of milliseconds since 1970 or of an ISO 8601 instant. @param {number | string} instant */
export function clock(instant) {
  const date = new Date(instant);
  return Number.isNaN(date.getTime()) ? '' : time.format(date);
}

/** A count for people; a question mark where nothing is known, never a 0. @param {number | null | undefined} count */
export function amount(count) {
  return count === null || count === undefined ? '?' : number.format(count);
}

/** What is waiting, as the loop read it. @param {Reading} reading */
export function waitingIn(reading) {
  return reading.known ? (reading.visible ?? reading.value) : undefined;
}

/** What the loop saw when it decided: waiting, and in flight where the source tells. @param {Reading} reading */
export function saw(reading) {
  if (!reading.known) return 'unknown';
  const inFlight = reading.inFlight === undefined ? '' : ` + ${amount(reading.inFlight)}`;
  return `${amount(waitingIn(reading))}${inFlight}`;
}

/**
 * All reasons in their order: `target said 60: 600 waiting / 10 per task; tasks allowed 50: at most 50`.
 * @param {Pick<Decision | CapacityDecision, 'reasons'>} decision
 */
export function chain({ reasons }) {
  return reasons
    .map(({ by, said, why }) => `${by} ${guards.has(by) ? 'allowed' : 'said'} ${said}: ${why}`)
    .join('; ');
}

/** `out 2 → 8`, or `hold 8`. @param {Decision} decision */
export function change({ direction, from, to }) {
  return direction === 'hold' ? `hold ${to}` : `${direction} ${from} → ${to}`;
}

/** `out 2 → 5 hosts`, `in 3 → 2 hosts, terminate 1`, `in: drain 1`. @param {CapacityDecision} decision */
export function hostsChange({ direction, from, to, drain, terminate }) {
  if (direction === 'hold') return `hold ${to} hosts`;
  const steps = [
    ...(from === to ? [] : [`${from} → ${to} hosts`]),
    ...(drain.length > 0 ? [`drain ${drain.length}`] : []),
    ...(terminate.length > 0 ? [`terminate ${terminate.length}`] : []),
  ];
  return `${direction}${from === to ? ': ' : ' '}${steps.join(', ')}`;
}

/** `3 of 5 hosts, 2 coming, 1 draining, 7 tasks`. @param {HostsEvent} event */
export function hostsNow({ desired, hosts }) {
  const count = (/** @type {string} */ status) => hosts.filter((host) => host.status === status).length;
  const [coming, draining] = [count('PENDING'), count('DRAINING')];
  const tasks = hosts.reduce((sum, host) => sum + host.tasks, 0);
  return [
    `${hosts.length - coming} of ${desired} ${desired === 1 ? 'host' : 'hosts'}`,
    ...(coming > 0 ? [`${coming} coming`] : []),
    ...(draining > 0 ? [`${draining} draining`] : []),
    `${tasks} ${tasks === 1 ? 'task' : 'tasks'}`,
  ].join(', ');
}

/** Whether a hold is one because nothing may be done. @param {Pick<Decision | CapacityDecision, 'reasons'>} decision */
export function isDryRun({ reasons }) {
  return reasons.at(-1)?.by === 'dryRun';
}
