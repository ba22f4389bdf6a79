/**
 * The endpoint of the ECS agent by which a task protects itself: PUT `$ECS_AGENT_URI/task-protection/v1/state`. It calls
 * UpdateTaskProtection with the task's own role, which so needs `ecs:UpdateTaskProtection` (and `ecs:GetTaskProtection` for a GET).
 *
 * Gotcha: a refusal of ECS itself comes with status 200, as `failure`; what the agent or the API throws comes as `error` with any other
 * status (throttling is a 400). Only `protection` with the state that was asked for is a yes.
 */

export class TaskProtectionError extends Error {
  override readonly name = 'TaskProtectionError';
  /** As the agent or ECS calls it: `ThrottlingException`, `TASK_NOT_VALID`; `unreachable` when nobody answered. */
  readonly code: string;
  /** Whether the same request may succeed a moment later. */
  readonly passing: boolean;
  constructor(code: string, message: string, passing: boolean, cause?: unknown) {
    super(`task protection: ${message}`, { cause });
    this.code = code;
    this.passing = passing;
  }
}

interface Answer {
  readonly protection?: { readonly ProtectionEnabled?: unknown };
  readonly failure?: { readonly Reason?: string; readonly Detail?: string | null };
  readonly error?: { readonly Code?: string; readonly Message?: string };
}

/** The agent itself waits 4 s for ECS and then says so. */
const LIMIT_MS = 5000;

/** What will be refused again: the role, the request, or what this task is. */
const LASTING = /AccessDenied|InvalidParameter|UnsupportedFeature|ResourceNotFound|TASK_NOT_VALID|MISSING/;

const REMEDIES: Readonly<Record<string, string>> = {
  AccessDeniedException: 'allow the task role ecs:UpdateTaskProtection',
  TASK_NOT_VALID:
    'only a running task of a service can be protected, and this one is none or is being stopped',
  DEPLOYMENT_BLOCKED:
    'more tasks are protected than the service desires, so no protection is added or renewed',
};

const refusal = ({ failure, error }: Answer, status: number): TaskProtectionError => {
  const code = error?.Code ?? failure?.Reason ?? `HTTP ${status}`;
  const said = error?.Message ?? failure?.Detail;
  const remedy = REMEDIES[code];
  const words = [code, ...(said ? [said] : []), ...(remedy === undefined ? [] : [remedy])];
  return new TaskProtectionError(code, words.join(': '), !LASTING.test(code));
};

const unreachable = (cause: unknown): TaskProtectionError => {
  const why =
    cause instanceof Error ? (cause.cause instanceof Error ? cause.cause : cause).message : String(cause);
  return new TaskProtectionError('unreachable', `the ECS agent did not answer: ${why}`, true, cause);
};

/**
 * @param uri the value of `ECS_AGENT_URI`
 * @param minutes how long it lasts, 1 to 2880; `undefined`: ends the protection
 * @throws TaskProtectionError unless the agent says that it is so
 */
export const putProtection = async (uri: string, minutes: number | undefined): Promise<void> => {
  const ProtectionEnabled = minutes !== undefined;
  const body = ProtectionEnabled ? { ProtectionEnabled, ExpiresInMinutes: minutes } : { ProtectionEnabled };
  let status: number;
  let text: string;
  try {
    const response = await fetch(`${uri.replace(/\/$/, '')}/task-protection/v1/state`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(LIMIT_MS),
    });
    status = response.status;
    text = await response.text();
  } catch (cause) {
    throw unreachable(cause);
  }
  let answer: Answer;
  try {
    answer = JSON.parse(text) as Answer;
  } catch (cause) {
    throw new TaskProtectionError(`HTTP ${status}`, `HTTP ${status} without JSON`, true, cause);
  }
  if (answer?.protection?.ProtectionEnabled !== ProtectionEnabled) throw refusal(answer ?? {}, status);
};
