/**
 * What the page knows: built from the snapshot, then kept up to date by the events, bounded in age and number. The views
 * read it and never write it.
 */
import { waitingIn } from './words.js';

/** @typedef {import('../../../lambdas/contract/records.ts').Decision} Decision */
/** @typedef {import('../../../lambdas/contract/capacity.ts').CapacityDecision} CapacityDecision */
/** @typedef {import('../../events.ts').HostsEvent} HostsEvent */
/** @typedef {{ backlog: number | null, inFlight: number | null, desired: number, running: number | null, pending: number }} Look */
/** @typedef {import('../event-stream.ts').Snapshot} Snapshot */
/** @typedef {import('../recent-events.ts').Received} Received */
/** @typedef {'burst' | 'notice' | 'hand-over'} MarkKind */
/** @typedef {{ at: number, kind: MarkKind, service: string | undefined }} Mark `at` in seconds since 1970 */
/** @typedef {{ received: number, label: string, message: string }} Happening */
/**
 * Columns of equal length: seconds since 1970, then what the world looked like. `null`: could not be seen.
 * @typedef {[number[], (number | null)[], (number | null)[], number[], (number | null)[]]} Series
 */
/**
 * @typedef {object} ServiceState
 * @property {Snapshot['runner']['services'][number]} service
 * @property {Series} series
 * @property {Look | undefined} look what it looks like now
 * @property {boolean} watched the runner sends the world's events, so decisions need not stand in for them
 * @property {Decision | undefined} decision the latest one
 */
/**
 * @typedef {object} State
 * @property {Snapshot['runner']} runner
 * @property {boolean} paused
 * @property {boolean} queueStopped
 * @property {ReadonlyMap<string, ServiceState>} services keyed `cluster/service`
 * @property {Map<string, HostsEvent>} hosts the latest of each cluster
 * @property {(Decision | CapacityDecision)[]} decisions newest first
 * @property {Happening[]} happenings newest first
 * @property {Mark[]} marks
 * @property {number} received when the latest event came, in milliseconds since 1970
 */

const keptSeconds = 600;
const keptDecisions = 1_000;
const keptHappenings = 200;
const keptMarks = 400;

/** The key of a service. @param {{ cluster: string, service: string }} service */
export function keyOf({ cluster, service }) {
  return `${cluster}/${service}`;
}

/** The state that a snapshot describes. @param {Snapshot} snapshot @returns {State} */
export function fromSnapshot({ runner, state: { paused, queueStopped }, events }) {
  /** @type {State} */
  const state = {
    runner,
    paused,
    queueStopped,
    services: new Map(
      runner.services.map((service) => [
        keyOf(service),
        { service, series: [[], [], [], [], []], look: undefined, watched: false, decision: undefined },
      ]),
    ),
    hosts: new Map(),
    decisions: [],
    happenings: [],
    marks: [],
    received: 0,
  };
  for (const each of events) add(state, each);
  // The history holds only the last minutes, and what it begins with may contradict what is true now.
  return Object.assign(state, { paused, queueStopped });
}

/** Takes one event into the state. @param {State} state @param {Received} received */
export function add(state, { received, event }) {
  state.received = received;
  const at = received / 1000;
  if (event.kind === 'world') {
    const service = state.services.get(keyOf(event));
    if (service) sample(Object.assign(service, { watched: true }), at, asSeen(event, service.decision));
  } else if (event.kind === 'decision') {
    const service = state.services.get(keyOf(event));
    if (service) service.decision = event;
    if (service && !service.watched) sample(service, at, seenBy(event));
    unshift(state.decisions, event, keptDecisions);
  } else if (event.kind === 'hosts') {
    state.hosts.set(event.cluster, event);
  } else if (event.kind === 'capacity') {
    unshift(state.decisions, event, keptDecisions);
  } else if (event.kind === 'capacity-outcome') {
    if (event.applied) return;
    const message = `hosts of ${event.cluster}: ${event.error ?? 'no error was given'}`;
    unshift(state.happenings, { received, label: 'not applied', message }, keptHappenings);
  } else if (event.kind === 'notice') {
    unshift(state.happenings, { received, label: 'notice', message: event.subject }, keptHappenings);
    unshift(state.marks, { at, kind: 'notice', service: keyOf(event) }, keptMarks);
  } else if (event.kind === 'outcome') {
    if (event.applied) return;
    const message = `${keyOf(event)} stays at ${event.from}, not ${event.to}: ${event.error ?? 'no error was given'}`;
    unshift(state.happenings, { received, label: 'not applied', message }, keptHappenings);
  } else {
    const label = event.event;
    unshift(state.happenings, { received, label, message: event.message }, keptHappenings);
    if (label === 'burst' || label === 'hand-over') {
      unshift(state.marks, { at, kind: label, service: event.service }, keptMarks);
    }
    if (label === 'paused' || label === 'resumed') state.paused = label === 'paused';
    if (label === 'queue-stopped' || label === 'queue-started')
      state.queueStopped = label === 'queue-stopped';
  }
}

/** The services whose source the loop could not see at its last tick. @param {State} state */
export function unseen({ services }) {
  return [...services.values()].flatMap(({ service, decision }) =>
    decision && !decision.reading.known ? [{ service, why: decision.reading.why }] : [],
  );
}

/**
 * What a decision tells of the world: with `--aws` there are no events of the world, and nobody says how many tasks run.
 * @param {Decision} decision
 * @returns {Look}
 */
function seenBy({ reading, from }) {
  const inFlight = reading.known ? (reading.inFlight ?? null) : null;
  return { backlog: waitingIn(reading) ?? null, inFlight, desired: from, running: null, pending: 0 };
}

/**
 * The world as the loop sees it: while it cannot see the queue, neither does the chart, whoever else can.
 * @param {Look} look
 * @param {Decision | undefined} decision the latest one
 * @returns {Look}
 */
function asSeen(look, decision) {
  return decision && !decision.reading.known ? { ...look, backlog: null, inFlight: null } : look;
}

/** @param {ServiceState} service @param {number} at @param {Look} look */
function sample(service, at, look) {
  service.look = look;
  const [times, backlog, inFlight, desired, running] = service.series;
  times.push(at);
  backlog.push(look.backlog);
  inFlight.push(look.inFlight);
  desired.push(look.desired);
  running.push(look.running);
  while ((times[0] ?? at) < at - keptSeconds) for (const column of service.series) column.shift();
}

/** @template T @param {T[]} list @param {T} item @param {number} most */
function unshift(list, item, most) {
  list.unshift(item);
  if (list.length > most) list.pop();
}
