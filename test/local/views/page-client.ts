/** The other side of the page's server: raw requests, whose Host a browser's fetch would not let us choose, and SSE. */
import { type IncomingMessage, request } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

/** One request, answered in full. */
export async function ask(
  url: string,
  {
    method = 'GET',
    headers = {},
    body,
  }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request(url, { method, headers }, resolve).on('error', reject).end(body);
  });
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  return { status: response.statusCode ?? 0, headers: response.headers, text };
}

export interface Message {
  readonly event: string;
  readonly data: unknown;
}

/** An open stream of events: `next` is the next message, `ended` resolves when the server ends it. */
export async function openStream(url: string) {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request(`${url}/events`, resolve).on('error', reject).end();
  });
  const ended = new Promise<void>((resolve) => {
    // The response itself tells of its end only to somebody who reads it.
    response.socket.once('close', () => resolve());
  });
  response.on('error', () => {});
  const messages = parse(response.setEncoding('utf8'));
  return {
    headers: response.headers,
    next: async (): Promise<Message> => (await messages.next()).value as Message,
    close: () => response.destroy(),
    ended,
  };
}

async function* parse(chunks: AsyncIterable<string>): AsyncGenerator<Message> {
  let text = '';
  for await (const chunk of chunks) {
    const blocks = (text + chunk).split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
      yield { event: field('event') ?? 'message', data: JSON.parse(field('data') ?? 'null') };
    }
  }
}
