/**
 * fauxqs takes `If-Match` and `If-None-Match` on PutObject without enforcing them. The lease stands on them, so they are
 * enforced here, in front: one conditional write at a time, compared and written before the next is looked at.
 */
import type { buildApp } from 'fauxqs';

type Fauxqs = ReturnType<typeof buildApp>;

const refusal = (code: string, message: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;

export const enforceConditionalWrites = (app: Fauxqs): void => {
  let before: Promise<unknown> = Promise.resolve();
  const finished = new WeakMap<object, () => void>();

  app.addHook('onRequest', async (request, reply) => {
    const match = request.headers['if-match'];
    const none = request.headers['if-none-match'];
    if (request.method !== 'PUT' || (match === undefined && none === undefined)) return;

    const turn = before;
    before = new Promise<void>((done) => finished.set(request, done));
    await turn;
    const head = await app.inject({
      method: 'HEAD',
      url: request.url,
      headers: { host: request.headers.host ?? '127.0.0.1' },
    });
    const exists = head.statusCode === 200;
    if (match !== undefined && !exists)
      return reply
        .status(404)
        .type('application/xml')
        .send(refusal('NoSuchKey', 'The specified key does not exist.'));
    if (none === '*' && exists)
      return reply.status(412).type('application/xml').send(refusal('PreconditionFailed', 'If-None-Match'));
    if (match !== undefined && match !== head.headers.etag) {
      return reply.status(412).type('application/xml').send(refusal('PreconditionFailed', 'If-Match'));
    }
    return;
  });
  // Whatever became of the request, the next one gets its turn: answered, or its client gone.
  app.addHook('onResponse', async (request) => finished.get(request)?.());
  app.addHook('onRequestAbort', async (request) => finished.get(request)?.());
};
