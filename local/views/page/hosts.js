/** The EC2 hosts of each cluster: a box a host with how much of its CPU and memory is reserved. */
import { element } from './lists.js';
import { hostsNow } from './words.js';

/** @typedef {import('../../events.ts').HostsEvent} HostsEvent */
/** @typedef {HostsEvent['hosts'][number]} Host */

/** @type {Record<Host['status'], [kind: string, word: (tasks: number) => string]>} */
const looks = {
  PENDING: ['coming', () => 'coming'],
  ACTIVE: ['active', (tasks) => `${tasks} ${tasks === 1 ? 'task' : 'tasks'}`],
  DRAINING: ['draining', (tasks) => `draining ${tasks}`],
};

const shown = { text: '' };

/** Shows them in `place`; does nothing while they are the same. @param {HTMLElement} place @param {readonly HostsEvent[]} clusters */
export function showHosts(place, clusters) {
  const text = JSON.stringify(clusters.map(({ cluster, desired, hosts }) => [cluster, desired, hosts]));
  if (text === shown.text) return;
  shown.text = text;
  place.replaceChildren(...clusters.flatMap(clusterOf));
}

/** @param {HostsEvent} event */
function clusterOf(event) {
  const heading = element('p', 'cluster');
  heading.append(element('b', '', event.cluster), element('span', 'now', hostsNow(event)));
  const list = element('ul', 'racks');
  list.append(...event.hosts.map(hostOf));
  return [heading, list];
}

/** @param {Host} host */
function hostOf({ id, status, tasks, cpu, memory }) {
  const [kind, word] = looks[status];
  const box = element('li', `host ${kind}`);
  const share = (/** @type {number} */ amount) => `${Math.round(100 * amount)} %`;
  box.title = `${id} ${status}: ${tasks} tasks, ${share(cpu)} CPU and ${share(memory)} memory reserved`;
  if (status !== 'PENDING') box.append(bar('cpu', cpu), bar('memory', memory));
  // The end of an id tells hosts apart; the beginning they share.
  box.append(element('b', '', word(tasks)), element('span', 'id', id.slice(-8)));
  return box;
}

/** @param {string} of @param {number} amount */
function bar(of, amount) {
  const whole = element('div', 'bar');
  const fill = element('div', `fill fill-${of}`);
  fill.style.transform = `scaleX(${Math.min(1, Math.max(0, amount))})`;
  whole.append(fill);
  return whole;
}
