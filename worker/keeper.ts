/**
 * Keeps the protection of a task as it should be: asked for when somebody holds it, renewed at half of its time, released when nobody
 * has held it for a while, and whatever failed tried again. One request at a time, in the order in which they were wanted; one timer,
 * for whatever comes next.
 *
 * Gotcha: a request without an answer may have been heard. Until the time that it would have protected is over, the task counts as
 * unprotected for those who want to work, and as protected for those who want to release it.
 */
import { putProtection, TaskProtectionError } from './agent.ts';

export interface Keeper {
  /** Resolves when the task is protected, or with why it is not. */
  readonly hold: () => Promise<TaskProtectionError | undefined>;
  readonly letGo: () => void;
  readonly isProtected: () => boolean;
  readonly close: () => Promise<void>;
}

export interface KeeperOptions {
  readonly uri: string;
  readonly minutes: number;
  readonly lingerMs: number;
  /** Try for a while before the answer is no; else a hold goes on at once while an earlier request is being repeated. */
  readonly insists: boolean;
  readonly onTrouble: (error: TaskProtectionError) => void;
}

/**
 * A worker that always finds its next message before the linger is over would never be let go, and a scale-in of a service with little to do
 * would never come to its end. So after a minute it is released in the first pause, for as long as that lasts.
 */
const LONGEST_HOLD_MS = 60_000;

/** What failed is repeated after 1 s, 2 s, 4 s, … by chance at 50 to 100 % of it, so that the tasks that were throttled do not come together. */
const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 60_000;

/** Who insists waits for three tries, 3 s in all where the agent answers at once, and never longer than this for one. */
const TRIES = 3;
const LONGEST_PAUSE_MS = 5000;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const retryAfter = (failures: number, { passing }: TaskProtectionError): number =>
  (passing ? Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** (failures - 1)) : LAST_RETRY_MS) *
  (0.5 + Math.random() / 2);

export const createKeeper = ({ uri, minutes, lingerMs, insists, onTrouble }: KeeperOptions): Keeper => {
  let holders = 0;
  let closed = false;
  /** When the protection ends that the agent has confirmed, and any that it may have given. */
  let until = 0;
  let perhapsUntil = 0;
  let heldSince = 0;
  let lingersUntil = 0;
  let trouble: TaskProtectionError | undefined;
  let failures = 0;
  let retryAt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let line: Promise<unknown> = Promise.resolve();
  let asking: Promise<void> | undefined;

  const now = (): number => performance.now();
  const isProtected = (): boolean => until > now();

  const send = async (): Promise<void> => {
    // Decided here and not where it was planned: somebody may have come since.
    const on = holders > 0 && !closed;
    const wasProtected = isProtected();
    const end = now() + minutes * 60_000;
    if (on) perhapsUntil = end;
    else until = 0;
    try {
      await putProtection(uri, on ? minutes : undefined);
      until = perhapsUntil = on ? end : 0;
      if (!wasProtected) heldSince = now();
      trouble = undefined;
      failures = 0;
    } catch (thrown) {
      trouble = thrown as TaskProtectionError;
      failures += 1;
      retryAt = now() + retryAfter(failures, trouble);
      onTrouble(trouble);
    }
  };
  const put = (): Promise<void> => {
    const sent = line.then(send);
    line = sent;
    return sent;
  };

  /** When the next request is due; `undefined`: as things are, none ever. */
  const dueAt = (): number | undefined => {
    if (closed || (holders === 0 && perhapsUntil <= now())) return undefined;
    if (trouble !== undefined) return retryAt;
    return holders > 0 ? until - minutes * 30_000 : lingersUntil;
  };
  const plan = (): void => {
    clearTimeout(timer);
    const due = dueAt();
    if (due === undefined || asking !== undefined) return;
    const tend = (): void => void put().then(plan);
    timer = setTimeout(tend, Math.max(0, due - now()));
    // The work holds the process, and a process that ends takes its task along.
    timer.unref();
  };

  const ask = async (): Promise<void> => {
    for (let tries = insists ? TRIES : 1; tries > 0 && !closed && !isProtected(); tries -= 1) {
      if (trouble !== undefined) await sleep(Math.min(LONGEST_PAUSE_MS, Math.max(0, retryAt - now())));
      await put();
      if (trouble?.passing === false) return;
    }
  };

  return {
    hold: async () => {
      holders += 1;
      if (!isProtected() && (insists || trouble === undefined)) {
        asking ??= ask().finally(() => {
          asking = undefined;
        });
        await asking;
      }
      plan();
      if (closed) return new TaskProtectionError('closed', 'it was closed before', false);
      return isProtected() ? undefined : trouble;
    },
    letGo: () => {
      if (holders === 0) return;
      holders -= 1;
      lingersUntil = now() + (now() - heldSince < LONGEST_HOLD_MS ? lingerMs : 0);
      if (holders === 0) plan();
    },
    isProtected,
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await line;
      if (perhapsUntil > now()) await put();
    },
  };
};
