/** The table of decisions and the list of what happened, newest first. Text is only ever set as text, never as HTML. */
import { chain, change, clock, hostsChange, saw } from './words.js';

/** @typedef {import('../../../lambdas/contract/records.ts').Decision} Decision */
/** @typedef {import('../../../lambdas/contract/capacity.ts').CapacityDecision} CapacityDecision */
/** @typedef {import('./state.js').Happening} Happening */

const mostRows = 200;

/**
 * Shows a list in `place` and adds only what is new to it, so that a selection, the keyboard's place and what a screen
 * reader announces survive an update.
 * @template {object} T
 * @param {HTMLElement} place
 * @param {(item: T) => HTMLElement} row
 */
export function createList(place, row) {
  /** @type {readonly T[]} */
  let shown = [];
  return {
    /** @param {readonly T[]} items newest first */
    show(items) {
      const next = items.slice(0, mostRows);
      const kept = shown[0] === undefined ? -1 : next.indexOf(shown[0]);
      const known = kept >= 0 && next.slice(kept).every((item, i) => item === shown[i]);
      const fresh = (known ? next.slice(0, kept) : next).map(row);
      if (known) place.prepend(...fresh);
      else place.replaceChildren(...fresh);
      while (place.childElementCount > next.length) place.lastElementChild?.remove();
      shown = next;
    },
  };
}

/** The same of the hosts of a cluster, which saw no queue. @param {CapacityDecision} decision */
function hostsRow(decision) {
  const row = element('tr', decision.direction);
  const what = element('td', 'change');
  what.append(element('span', 'what', hostsChange(decision)), element('span', 'who', decision.cluster));
  row.append(
    element('td', 'time', clock(decision.at)),
    what,
    element('td', 'saw'),
    element('td', 'why', chain(decision)),
  );
  return row;
}

/**
 * A row of the table; with several services it names its own.
 * @param {Decision | CapacityDecision} decision
 * @param {boolean} several
 */
export function decisionRow(decision, several) {
  if ('autoScalingGroup' in decision) return hostsRow(decision);
  const row = element('tr', decision.direction);
  const what = element('td', 'change');
  what.append(element('span', 'what', change(decision)));
  if (several) what.append(element('span', 'who', decision.service));
  const why = element('td', decision.reading.known ? 'why' : 'why unknown');
  why.textContent = reasonsOf(decision);
  row.append(
    element('td', 'time', clock(decision.at)),
    what,
    element('td', 'saw', saw(decision.reading)),
    why,
  );
  return row;
}

/** The chain of reasons; what could not be seen comes first, unless a reason says it already. @param {Decision} decision */
function reasonsOf(decision) {
  const { reading } = decision;
  const reasons = chain(decision);
  if (reading.known || reasons.includes(reading.why)) return reasons;
  return `cannot see the queue: ${reading.why}; ${reasons}`;
}

/** @param {Happening} happening */
export function happeningRow({ received, label, message }) {
  const row = element('li', label.replace(' ', '-'));
  row.append(
    element('time', '', clock(received)),
    element('b', 'label', label),
    element('span', '', message),
  );
  return row;
}

/**
 * An element with text in it.
 * @param {string} name
 * @param {string} classes
 * @param {string} [text]
 */
export function element(name, classes, text = '') {
  const made = document.createElement(name);
  if (classes !== '') made.className = classes;
  made.textContent = text;
  return made;
}
