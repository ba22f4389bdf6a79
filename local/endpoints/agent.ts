/**
 * The endpoint of the ECS agent by which a task protects itself, as `$ECS_AGENT_URI` leads each task to its own:
 * GET and PUT `/api/<id>/task-protection/v1/state`. A refusal of ECS is a `failure` with status 200, everything else that goes wrong an
 * `error` with a status of its own, as the agent answers it.
 */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { text } from 'node:stream/consumers';

export interface ProtectedTask {
  readonly arn: string;
  /** Milliseconds since 1970; `undefined`: it is not protected. */
  readonly until?: number | undefined;
}

export interface AgentBackend {
  /** `undefined`: no service has such a task, or it is being stopped. */
  readonly task: (id: string) => ProtectedTask | undefined;
  /** @param minutes `undefined`: not any more */
  readonly protect: (id: string, minutes: number | undefined) => void;
}

type Answer = readonly [status: number, body: unknown];

const PATH = /^\/api\/([^/]+)\/task-protection\/v1\/state$/;
const DEFAULT_MINUTES = 120;
const MOST_MINUTES = 2880;

const error = (status: number, Code: string, Message: string): Answer => [
  status,
  { error: { Code, Message } },
];
const invalid = (message: string): Answer => error(400, 'InvalidParameterException', message);

const described = ({ arn: TaskArn, until }: ProtectedTask): Answer => [
  200,
  {
    protection: {
      ProtectionEnabled: until !== undefined,
      ExpirationDate: until === undefined ? null : new Date(until).toISOString(),
      TaskArn,
    },
  },
];

const bodyOf = async (request: IncomingMessage): Promise<Readonly<Record<string, unknown>> | undefined> => {
  try {
    const body: unknown = JSON.parse(await text(request));
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
};

const change = (
  backend: AgentBackend,
  id: string,
  given: Readonly<Record<string, unknown>> | undefined,
): Answer | undefined => {
  const { ProtectionEnabled: on, ExpiresInMinutes: minutes = DEFAULT_MINUTES, ...unknown } = given ?? {};
  if (given === undefined || Object.keys(unknown).length > 0)
    return invalid('UpdateTaskProtection: failed to decode request');
  if (typeof on !== 'boolean') return invalid("Invalid request: does not contain 'ProtectionEnabled' field");
  const isRight = Number.isInteger(minutes) && Number(minutes) >= 1 && Number(minutes) <= MOST_MINUTES;
  if (on && !isRight) return invalid(`expiresInMinutes must be 1 to ${MOST_MINUTES}`);
  backend.protect(id, on ? Number(minutes) : undefined);
  return undefined;
};

const answer = async (backend: AgentBackend, request: IncomingMessage): Promise<Answer> => {
  const { method, url = '/' } = request;
  const id = PATH.exec(url)?.[1];
  const given = await bodyOf(request);
  if (id === undefined)
    return error(404, 'ResourceNotFoundException', 'Failed to find a task for the request');
  if (method !== 'GET' && method !== 'PUT') return [405, {}];
  const found = backend.task(id);
  if (found === undefined) return [200, { failure: { Arn: id, Reason: 'TASK_NOT_VALID', Detail: null } }];
  const refused = method === 'PUT' ? change(backend, id, given) : undefined;
  return refused ?? described(backend.task(id) ?? found);
};

/** @returns the server, not yet listening */
export const agentEndpoint = (backend: AgentBackend): Server =>
  createServer(async (request, response) => {
    const [status, body] = await answer(backend, request);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  });
