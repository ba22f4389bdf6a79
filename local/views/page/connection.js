/**
 * The stream of events from the runner. EventSource reconnects by itself when the connection breaks; it does not notice a
 * runner that hangs, nor come back after an answer that was an error, so both are watched here.
 */

/** The runner sends a heartbeat every five seconds; three of them missing is no coincidence. */
const silenceMilliseconds = 15_000;

/**
 * @param {object} on
 * @param {(snapshot: import('./state.js').Snapshot) => void} on.snapshot at every connection, the first and later ones
 * @param {(received: import('./state.js').Received) => void} on.event
 * @param {() => void} on.lost may be told again while the connection stays lost
 */
export function connect(on) {
  let source = open();
  let heard = Date.now();

  function open() {
    const opened = new EventSource('events');
    const hear = (/** @type {() => void} */ then) => {
      heard = Date.now();
      then();
    };
    opened.addEventListener('snapshot', ({ data }) => hear(() => on.snapshot(JSON.parse(data))));
    opened.addEventListener('message', ({ data }) => hear(() => on.event(JSON.parse(data))));
    opened.addEventListener('heartbeat', () => hear(() => {}));
    opened.addEventListener('error', () => on.lost());
    return opened;
  }

  setInterval(() => {
    const silent = Date.now() - heard > silenceMilliseconds;
    if (!silent && source.readyState !== EventSource.CLOSED) return;
    on.lost();
    source.close();
    source = open();
    heard = Date.now();
  }, 2_000);
}
