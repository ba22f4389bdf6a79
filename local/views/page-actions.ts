/** POST /actions/…: what a person can do to the running demo. Every answer is JSON; an error is a sentence for the page. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Runner } from '../events.ts';

/** The most messages of one burst: enough for every bound, and still sent in well under a minute. */
const mostMessages = 100_000;
const mostBodyBytes = 1_000;

type Answer = readonly [status: number, body: { readonly ok: true } | { readonly error: string }];

/** Does the action that the last part of the path names and answers when it has taken effect. */
export async function answerAction(
  runner: Runner,
  action: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [status, body] = await act(runner, action, request);
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}

async function act(runner: Runner, action: string, request: IncomingMessage): Promise<Answer> {
  const { burst, stopQueue, startQueue, pause, resume } = runner.actions;
  const plainActions = new Map([
    ['stop-queue', stopQueue],
    ['start-queue', startQueue],
    ['pause', pause],
    ['resume', resume],
  ]);
  const plainAction = plainActions.get(action);
  if (plainAction) return done(action, plainAction);
  if (action !== 'burst') {
    const known = ['burst', ...plainActions.keys()].join(', ');
    return [404, { error: `There is no action of this name. The actions are ${known}.` }];
  }
  const text = await bodyOf(request);
  if (text === undefined) return [413, { error: `The body is longer than ${mostBodyBytes} bytes.` }];
  const wish = burstIn(text);
  if (wish === undefined) {
    const expected = `{"messages": N}, or {"messages": N, "to": SERVICE or "all"}, with a whole number from 1 to ${mostMessages}`;
    return [400, { error: `A burst needs ${expected}, not ${text.slice(0, 100) || 'an empty body'}.` }];
  }
  return done(action, () => burst(...wish));
}

async function done(action: string, run: () => Promise<void>): Promise<Answer> {
  try {
    await run();
    return [200, { ok: true }];
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [500, { error: `The runner could not do ${action}: ${why}` }];
  }
}

/** The body as text; nothing when it is too long. It is read to its end even then, or the answer would not arrive. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes <= mostBodyBytes) chunks.push(chunk);
  }
  return bytes > mostBodyBytes ? undefined : Buffer.concat(chunks).toString('utf8');
}

function burstIn(text: string): readonly [messages: number, to?: string] | undefined {
  try {
    const { messages, to }: Readonly<Record<string, unknown>> = JSON.parse(text) ?? {};
    const valid = Number.isInteger(messages) && Number(messages) >= 1 && Number(messages) <= mostMessages;
    if (!valid || (to !== undefined && typeof to !== 'string')) return undefined;
    return to === undefined ? [Number(messages)] : [Number(messages), to];
  } catch {
    return undefined;
  }
}
