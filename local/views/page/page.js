/**
 * The page of the local runner: events come in, change the state, and at most once a frame the state is shown. A page in
 * the background keeps its state up to date and draws when it is looked at again.
 */
import { createChart } from './chart.js';
import { connect } from './connection.js';
import { showControls, showQueues } from './controls.js';
import { byId } from './elements.js';
import { showHosts } from './hosts.js';
import { createList, decisionRow, element, happeningRow } from './lists.js';
import { add, fromSnapshot, keyOf, unseen } from './state.js';
import { amount, clock, isDryRun } from './words.js';

/** @type {import('./state.js').State | undefined} */
let state;
let connected = false;
let drawing = false;
let bannersShown = '';

const place = (/** @type {string} */ id) => byId(id, HTMLElement);
const select = byId('service', HTMLSelectElement);
const holds = byId('holds', HTMLInputElement);
const only = byId('only', HTMLInputElement);
const chart = createChart(place('chart'), place('readout'));
const several = () => (state?.runner.services.length ?? 0) > 1;
const decisions = createList(
  place('decisions'),
  (/** @type {import('./state.js').State['decisions'][number]} */ decision) =>
    decisionRow(decision, several()),
);
const happenings = createList(place('happenings'), happeningRow);

for (const control of [select, holds, only]) control.addEventListener('change', redraw);

connect({
  snapshot(snapshot) {
    connected = true;
    // A screen reader is told what happens from now on, not the history.
    place('happenings').ariaLive = 'off';
    state = fromSnapshot(snapshot);
    showRunner(snapshot.runner);
    redraw();
    requestAnimationFrame(() => requestAnimationFrame(() => (place('happenings').ariaLive = 'polite')));
  },
  event(received) {
    if (state) add(state, received);
    redraw();
  },
  lost() {
    connected = false;
    redraw();
  },
});

function redraw() {
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(() => {
    drawing = false;
    draw();
  });
}

function draw() {
  const status = place('connection');
  status.textContent = connected ? 'live' : state ? 'connection lost' : 'connecting';
  status.classList.toggle('live', connected);
  showBanners();
  showControls({ paused: false, queueStopped: false, ...state, connected });
  if (!state) return;
  const service = state.services.get(select.value);
  if (service) showService(service);
  place('hosts-card').hidden = state.hosts.size === 0;
  showHosts(place('hosts'), [...state.hosts.values()]);

  const { value } = select;
  const wanted = state.decisions.filter(
    (each) =>
      (holds.checked || each.direction !== 'hold' || isDryRun(each)) &&
      (!only.checked || ('service' in each && keyOf(each) === value)),
  );
  decisions.show(wanted);
  happenings.show(state.happenings);
  place('no-decisions').hidden = wanted.length > 0;
  place('no-happenings').hidden = state.happenings.length > 0;
}

/** @param {import('./state.js').ServiceState} shown */
function showService({ service, series, look, decision }) {
  const blind = look?.backlog === null || decision?.reading.known === false;
  place('waiting').textContent = amount(look?.backlog);
  for (const id of ['waiting', 'in-flight']) place(id).classList.toggle('unknown', blind);
  place('waiting-note').textContent = blind ? 'cannot see the queue' : 'messages in the queue';
  place('in-flight').textContent = amount(look?.inFlight);
  place('desired').textContent = amount(look?.desired);
  place('bounds').textContent = `tasks, ${service.min} to ${service.max} allowed`;
  place('running').textContent = amount(look?.running);
  place('starting').textContent = look && look.pending > 0 ? `tasks, ${look.pending} more starting` : 'tasks';
  const key = keyOf(service);
  chart.show(series, state?.marks.filter((mark) => (mark.service ?? key) === key) ?? []);
  document.title = `${amount(look?.backlog)} waiting, ${amount(look?.running)} running – Pulsescale`;
}

/** What is shown does not change while the runner lives. @param {import('./state.js').Snapshot['runner']} runner */
function showRunner({ services, interval, lane, addresses, queues }) {
  place('loop').textContent = `lane ${lane}, a tick every ${interval} s`;
  const { value } = select;
  select.replaceChildren(...services.map((each) => new Option(keyOf(each), keyOf(each))));
  if (services.some((each) => keyOf(each) === value)) select.value = value;
  place('choice').hidden = place('only-choice').hidden = services.length < 2;
  const [first] = services;
  showQueues(queues);
  place('chart-service').textContent = services.length === 1 && first ? `of ${keyOf(first)}` : '';
  place('addresses').replaceChildren(
    ...Object.entries(addresses).map(([name, url]) => element('span', '', `${name} ${url}`)),
  );
}

function showBanners() {
  /** @type {[kind: string, text: string][]} */
  const banners = [];
  if (!connected && state) {
    const since = clock(state.received);
    banners.push([
      'trouble',
      `The connection to the runner is lost: these numbers are from ${since}. Trying again.`,
    ]);
  }
  if (state?.paused) banners.push(['warning', 'The loop is paused: nothing is changed until it is resumed.']);
  const blind = state ? unseen(state) : [];
  const [first] = blind;
  if (first) {
    const names = blind.length === 1 ? keyOf(first.service) : `${blind.length} services`;
    banners.push(['warning', `Cannot see the queue of ${names}, holding: ${first.why}`]);
  } else if (state?.queueStopped) {
    banners.push(['warning', 'The queue endpoint is stopped: the next tick will not see the queue.']);
  }
  const text = JSON.stringify(banners);
  if (text === bannersShown) return;
  bannersShown = text;
  place('banners').replaceChildren(...banners.map(([kind, words]) => element('p', `banner ${kind}`, words)));
}
