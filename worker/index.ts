/**
 * `pulsescale/worker`: what a worker needs so that scale-in does not kill its work. ECS stops any task of a service when its desired count
 * falls: SIGTERM, and 30 s later (`stopTimeout`, at most 120 s on Fargate) SIGKILL, whatever the task is at. A task that is protected is
 * passed over until its protection is released or expires; more tasks than the desired count may run meanwhile.
 *
 *     const protection = taskProtection();
 *     for (;;) {
 *       const message = await receive();
 *       await protection.busy(() => handle(message));
 *     }
 *
 * Gotchas:
 * - one for a task: whoever releases last releases the whole task, so no two processes or containers of it may each have their own;
 * - deployments wait for protected tasks as scale-in does;
 * - while more tasks are protected than the service desires, ECS renews no protection (DEPLOYMENT_BLOCKED). So one request should protect
 *   for longer than the longest message takes: `expiresInMinutes`;
 * - work that blocks the event loop for half of that keeps the renewal from being sent.
 *
 * It imports nothing but its own files, so that a worker carries nothing else.
 */
import { TaskProtectionError } from './agent.ts';
import { createKeeper } from './keeper.ts';

export { TaskProtectionError };

export interface TaskProtectionOptions {
  /** Where the ECS agent is. Default: `ECS_AGENT_URI`, which ECS sets in every container; without it nothing is done. */
  readonly uri?: string | undefined;
  /**
   * How long one request protects, 1 to 2880 minutes; it is renewed at half of it. Default 60: a worker that hangs blocks scale-in
   * and deployments no longer than that. CloudFormation waits 3 hours for a deployment.
   */
  readonly expiresInMinutes?: number;
  /**
   * How long the protection outlives the last message, 0 to 3600 s. Default 10: all tasks of an account and region share 80 requests
   * a second, and a worker that finds its next message soon makes two a minute in place of two a message.
   */
  readonly lingerSeconds?: number;
  /**
   * Work begins only under protection: `busy` rejects without having begun it after a few seconds in vain, and the message can go
   * back to the queue. Default false: work begins anyway, and the protection is asked for again in the background.
   */
  readonly strict?: boolean;
  /** Told whatever went wrong. Default: a line on stderr, at most one a minute. */
  readonly onTrouble?: (error: TaskProtectionError) => void;
}

export interface TaskProtection {
  /** Protects the task, does the work, and lets go. Calls may overlap and nest: the last one to end lets go. */
  readonly busy: <T>(work: () => Promise<T> | T) => Promise<T>;
  /** The same by hand: each one that resolved needs its {@link TaskProtection.release}. Rejects when `strict`. */
  readonly protect: () => Promise<void>;
  readonly release: () => void;
  /** As the agent has confirmed, and not expired since. */
  readonly protected: boolean;
  /** Ends the protection now, whoever holds it, and asks for none any more. */
  readonly close: () => Promise<void>;
}

const TOLD_EVERY_MS = 60_000;

const printer = (): ((error: TaskProtectionError) => void) => {
  let told = Number.NEGATIVE_INFINITY;
  return ({ message }) => {
    if (performance.now() - told < TOLD_EVERY_MS) return;
    told = performance.now();
    process.stderr.write(`pulsescale/worker: ${message}\n`);
  };
};

let saidSo = false;

const outsideOfEcs = (): TaskProtection => {
  if (!saidSo)
    process.stderr.write(
      'pulsescale/worker: ECS_AGENT_URI is not set, so this is no ECS task and nothing is protected\n',
    );
  saidSo = true;
  const nothing = async (): Promise<void> => undefined;
  return {
    busy: async (work) => work(),
    protect: nothing,
    release: () => undefined,
    protected: false,
    close: nothing,
  };
};

const within = (name: string, value: number, least: number, most: number): number => {
  if (value >= least && value <= most) return value;
  throw new RangeError(`${name} must be from ${least} to ${most}, not ${value}`);
};

/** @throws RangeError when an option is out of its bounds */
export const taskProtection = (options: TaskProtectionOptions = {}): TaskProtection => {
  const { uri = process.env['ECS_AGENT_URI'], strict = false, onTrouble = printer() } = options;
  const minutes = Math.round(within('expiresInMinutes', options.expiresInMinutes ?? 60, 1, 2880));
  const lingerMs = 1000 * within('lingerSeconds', options.lingerSeconds ?? 10, 0, 3600);
  if (uri === undefined || uri === '') return outsideOfEcs();
  const { hold, letGo, isProtected, close } = createKeeper({
    uri,
    minutes,
    lingerMs,
    insists: strict,
    onTrouble,
  });
  const protect = async (): Promise<void> => {
    const trouble = await hold();
    if (trouble === undefined || !strict) return;
    letGo();
    throw trouble;
  };
  return {
    busy: async (work) => {
      await protect();
      try {
        return await work();
      } finally {
        letGo();
      }
    },
    protect,
    release: letGo,
    get protected() {
      return isProtected();
    },
    close,
  };
};
