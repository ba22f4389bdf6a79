/** The buttons: each sends its action to the runner and says what came of it. */
import { byId } from './elements.js';
import { amount } from './words.js';

const burst = byId('burst', HTMLFormElement);
const messages = byId('messages', HTMLInputElement);
const to = byId('to', HTMLSelectElement);
const queue = byId('queue', HTMLButtonElement);
const pause = byId('pause', HTMLButtonElement);
const answer = byId('answer', HTMLElement);
const submit = /** @type {HTMLButtonElement} */ (burst.querySelector('button'));

let paused = false;
let queueStopped = false;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let forgetting;

burst.addEventListener('submit', (event) => {
  event.preventDefault();
  const count = messages.valueAsNumber;
  const body = to.options.length > 1 ? { messages: count, to: to.value } : { messages: count };
  const where = to.options.length > 1 ? ` to ${to.selectedOptions[0]?.text}` : '';
  act(submit, 'burst', body, `Sent ${amount(count)} messages${where}.`);
});
queue.addEventListener('click', () => {
  if (queueStopped) act(queue, 'start-queue', undefined, 'The queue endpoint answers again.');
  else act(queue, 'stop-queue', undefined, 'The queue endpoint is stopped.');
});
pause.addEventListener('click', () => {
  if (paused) act(pause, 'resume', undefined, 'The loop is resumed.');
  else act(pause, 'pause', undefined, 'The loop is paused.');
});

/** Whom a burst can go to; what was chosen stays chosen. @param {readonly string[]} queues */
export function showQueues(queues) {
  const { value } = to;
  to.replaceChildren(new Option('every service', 'all'), ...queues.map((key) => new Option(key, key)));
  if (queues.length < 2) to.replaceChildren();
  if ([...to.options].some((each) => each.value === value)) to.value = value;
  byId('to-choice', HTMLElement).hidden = queues.length < 2;
}

/**
 * Makes the buttons say what they would do now.
 * @param {{ paused: boolean, queueStopped: boolean, connected: boolean }} state
 */
export function showControls(state) {
  ({ paused, queueStopped } = state);
  queue.textContent = queueStopped ? 'Start it again' : 'Stop the queue endpoint';
  pause.textContent = paused ? 'Resume' : 'Pause the loop';
  for (const button of [submit, queue, pause])
    button.disabled = !state.connected || button.ariaBusy === 'true';
}

/**
 * @param {HTMLButtonElement} button
 * @param {string} action
 * @param {object | undefined} body
 * @param {string} success
 */
async function act(button, action, body, success) {
  button.disabled = true;
  button.ariaBusy = 'true';
  say('', false);
  try {
    const response = await fetch(`actions/${action}`, {
      method: 'POST',
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const { error } = await response.json();
    say(error ?? success, error !== undefined);
  } catch {
    say('The runner did not answer. Is it still running?', true);
  } finally {
    button.ariaBusy = null;
    button.disabled = false;
  }
}

/** @param {string} text @param {boolean} failed */
function say(text, failed) {
  clearTimeout(forgetting);
  answer.textContent = text;
  // What went well is soon no longer news; what failed stays until the next try.
  if (!failed && text !== '') forgetting = setTimeout(() => say('', false), 6_000);
  answer.classList.toggle('failed', failed);
}
