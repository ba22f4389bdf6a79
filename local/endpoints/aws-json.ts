/** An AWS service that speaks AWS JSON over HTTP, as most do: the action in `X-Amz-Target`, JSON in, JSON out. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { text } from 'node:stream/consumers';

/** An error as AWS answers it; unmodified SDK clients throw one of this name. */
export class AwsFault extends Error {
  readonly type: string;
  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

/** Takes the parsed body, answers the body to come. Throws {@link AwsFault} to refuse. */
export type Action = (input: unknown) => unknown;
export type Actions = Readonly<Record<string, Action>>;

const answer = async (
  actions: Actions,
  request: IncomingMessage,
): Promise<readonly [status: number, body: unknown]> => {
  const name = String(request.headers['x-amz-target'] ?? '').split('.')[1] ?? '';
  const body = await text(request);
  try {
    const act = actions[name];
    if (act === undefined)
      throw new AwsFault('UnknownOperationException', `${name || 'this request'} is not known here`);
    return [200, await act(JSON.parse(body === '' ? '{}' : body))];
  } catch (thrown) {
    if (thrown instanceof AwsFault) return [400, { __type: thrown.type, message: thrown.message }];
    return [500, { __type: 'InternalServerError', message: String(thrown) }];
  }
};

/** @returns the server, not yet listening */
export const awsJson = (version: '1.0' | '1.1', actions: Actions): Server =>
  createServer(async (request, response) => {
    const [status, body] = await answer(actions, request);
    response.writeHead(status, { 'content-type': `application/x-amz-json-${version}` });
    response.end(JSON.stringify(body));
  });
