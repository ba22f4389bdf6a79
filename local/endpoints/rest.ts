/** A read-only AWS API in its wire format (REST-JSON), for SDK clients as they are: GET a path, JSON comes back. */
import { createServer, type Server } from 'node:http';

export interface Route {
  /** Of the whole decoded path; its first group is handed to {@link Route.answer}. */
  readonly path: RegExp;
  /** `undefined`: there is no such thing, which is a 404. */
  readonly answer: (name: string) => unknown | undefined;
}

/** @returns the server, not yet listening */
export const restEndpoint = (routes: readonly Route[]): Server =>
  createServer(({ method, url = '/' }, response) => {
    const reply = (status: number, body: unknown, error?: string): void => {
      response.writeHead(status, {
        'content-type': 'application/json',
        ...(error === undefined ? {} : { 'x-amzn-errortype': error }),
      });
      response.end(JSON.stringify(body));
    };
    const path = decodeURIComponent(url.split('?', 1)[0] ?? '/');
    const route = method === 'GET' ? routes.find((each) => each.path.test(path)) : undefined;
    const name = route?.path.exec(path)?.[1] ?? '';
    if (route === undefined) {
      const message = `${method} ${path} is not known here`;
      return reply(403, { message }, 'ForbiddenException');
    }
    const found = route.answer(name);
    if (found === undefined) return reply(404, { message: `there is no ${name}` }, 'NotFoundException');
    return reply(200, found);
  });
