/**
 * The real code of a room, one S3 call at a time. What it does next depends on its arguments and on what S3 has answered so far,
 * and on nothing else; so a step is known by its invocation and the answers, is computed once (by running the code from its
 * beginning with these answers), and is then looked up. That makes it cheap to go back and let S3 answer otherwise.
 *
 * Gotcha: the store marks each write with a random `claim`. In the model's objects it is the name of the write instead, which is
 * exchanged for the random one of the present run wherever the code reads its own write.
 */
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { messageOf } from '../../lambdas/contract/errors.ts';
import type { LeaseStore } from '../../lambdas/store/lease-object.ts';
import { type Answer, etagOf, type Request } from './bucket.ts';
import { instant } from './clock.ts';

const { parse, stringify } = JSON;

export interface Invocation<Result> {
  /** Its name, for its writes and its answers: two with the same name are one and the same. */
  readonly name: string;
  readonly run: (store: LeaseStore) => Promise<Result>;
}

/** What the code does next: it asks S3, or it is done. */
type Move<Result> = { readonly ask: Request } | { readonly result: Result } | { readonly thrown: string };

export interface Step<Result> {
  /** No two steps of all have the same. */
  readonly id: number;
  readonly move: Move<Result>;
  readonly invocation: Invocation<Result>;
  readonly answers: readonly Answer[];
  readonly next: Map<string, Step<Result>>;
}

const httpDate = (seconds: number): string => new Date(instant(seconds)).toUTCString();

/** What the code got instead of an answer. */
const failed = (name: string, status: number | undefined, date: number): Error =>
  Object.assign(new Error(name), {
    name,
    $metadata: { httpStatusCode: status },
    $response: { headers: { date: httpDate(date) } },
  });

const NAMES = { 404: 'NoSuchKey', 409: 'ConditionalRequestConflict', 412: 'PreconditionFailed' } as const;

/** What the SDK makes of S3's answer: its result, and the response of which the code reads the Date. */
const outputOf = (answer: Answer, exchanged: (body: string) => string) => {
  if (answer.status === 0) throw failed('TimeoutError', undefined, 0);
  if (answer.status !== 200) throw failed(NAMES[answer.status], answer.status, answer.date);
  const { found, etag, date } = answer;
  const response = { headers: { date: httpDate(date) } };
  const output = { ETag: etag, $metadata: { httpStatusCode: 200 } };
  if (found === undefined) return { response, output };
  const text = exchanged(found.body);
  const Body = {
    transformToString: async () => text,
    transformToByteArray: async () => Buffer.from(text),
  };
  return { response, output: { ...output, Body, LastModified: new Date(instant(found.modified)) } };
};

/** Runs the code until it asks for something that S3 has not answered yet. */
const play = <Result>({ name, run }: Invocation<Result>, answers: readonly Answer[]) =>
  new Promise<Move<Result>>((resolve, reject) => {
    const claims = new Map<string, string>();
    const exchanged = (body: string): string => {
      let text = body;
      for (const [written, claim] of claims) text = text.replace(stringify(written), stringify(claim));
      return text;
    };
    const requestOf = (command: unknown): Request => {
      if (command instanceof GetObjectCommand) return { op: 'get', key: command.input.Key ?? '' };
      if (!(command instanceof PutObjectCommand))
        throw new Error('the model knows only GetObject and PutObject');
      const { Key: key = '', Body, IfMatch: ifMatch, IfNoneMatch: ifNoneMatch } = command.input;
      const put = { op: 'put', key, ifMatch, ifNoneMatch } as const;
      const object = parse(String(Body)) as { readonly claim?: string };
      if (object.claim === undefined) return { ...put, body: String(Body) };
      const written = `${name}#${claims.size + 1}`;
      claims.set(written, object.claim);
      return { ...put, body: stringify({ ...object, claim: written }) };
    };
    let asked = 0;
    const send = async (command: GetObjectCommand | PutObjectCommand): Promise<object> => {
      const request = requestOf(command);
      const answer = answers[asked];
      asked += 1;
      if (asked > answers.length + 1) reject(new Error(`${name} asks S3 two things at once`));
      if (answer === undefined) {
        resolve({ ask: request });
        return await new Promise(() => {});
      }
      const stack = command.middlewareStack as GetObjectCommand['middlewareStack'];
      const handle = stack.resolve(async () => outputOf(answer, exchanged) as never, {});
      return (await handle({ input: command.input as never })).output;
    };
    const s3 = { send } as unknown as LeaseStore['s3'];
    run({ bucket: 'state', s3, pause: async () => {} }).then(
      (result) => resolve({ result }),
      (thrown) => resolve({ thrown: messageOf(thrown) }),
    );
  });

let steps = 0;
const stepOf = async <Result>(
  invocation: Invocation<Result>,
  answers: readonly Answer[],
): Promise<Step<Result>> => {
  const move = await play(invocation, answers);
  steps += 1;
  return { id: steps, move, invocation, answers, next: new Map() };
};

/** How often real code was run so far, each time from its beginning to one of its S3 calls. */
export const stepsComputed = (): number => steps;

const begun = new Map<string, Step<unknown>>();

export const begin = async <Result>(invocation: Invocation<Result>): Promise<Step<Result>> => {
  const known = begun.get(invocation.name) as Step<Result> | undefined;
  if (known !== undefined) return known;
  const step = await stepOf(invocation, []);
  begun.set(invocation.name, step as Step<unknown>);
  return step;
};

/** The same for the same answer. */
const nameOf = (answer: Answer): string => {
  if (answer.status === 0) return 'none';
  if (answer.status !== 200) return `${answer.status} ${answer.date}`;
  const { found, etag, date } = answer;
  return found === undefined
    ? `written ${date} ${etag}`
    : `${date} ${etag} ${found.modified} ${etagOf(found.body)}`;
};

/** The next step once S3 has answered. */
export const answered = async <Result>(step: Step<Result>, answer: Answer): Promise<Step<Result>> => {
  const name = nameOf(answer);
  const known = step.next.get(name);
  if (known !== undefined) return known;
  const next = await stepOf(step.invocation, [...step.answers, answer]);
  step.next.set(name, next);
  return next;
};
