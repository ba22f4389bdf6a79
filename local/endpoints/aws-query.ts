/**
 * An AWS service that speaks the Query protocol, the oldest of them: a form with `Action` in, XML out. A list in a form is
 * `Name.member.1`, `Name.member.2`, …; in XML it is `<Name><member>…</member></Name>`.
 */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { AwsFault } from './aws-json.ts';

/** A form, or what becomes XML. */
export type Form = URLSearchParams;
export type Element =
  | string
  | number
  | boolean
  | undefined
  | readonly Element[]
  | { readonly [name: string]: Element };

/** Takes the form, answers the body of its result. Throws {@link AwsFault} to refuse. */
export type QueryActions = Readonly<Record<string, (form: Form) => Element>>;

/** The members of a list, in their order. */
export const membersOf = (form: Form, name: string): readonly string[] => {
  const members: string[] = [];
  for (let nth = 1; form.has(`${name}.member.${nth}`); nth += 1)
    members.push(form.get(`${name}.member.${nth}`) ?? '');
  return members;
};

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const xml = (element: Element): string => {
  if (Array.isArray(element)) return element.map((each) => `<member>${xml(each)}</member>`).join('');
  if (typeof element === 'object')
    return Object.entries(element)
      .map(([name, inner]) => (inner === undefined ? '' : `<${name}>${xml(inner)}</${name}>`))
      .join('');
  return String(element ?? '').replaceAll(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign);
};

const fault = (type: string, message: string): string =>
  xml({
    ErrorResponse: { Error: { Type: 'Sender', Code: type, Message: message }, RequestId: 'local' },
  });

const answer = async (
  actions: QueryActions,
  request: IncomingMessage,
): Promise<readonly [status: number, body: string]> => {
  const form = new URLSearchParams(await text(request));
  const name = form.get('Action') ?? '';
  try {
    const act = actions[name];
    if (act === undefined) throw new AwsFault('InvalidAction', `${name || 'this request'} is not known here`);
    const result = { [`${name}Result`]: act(form), ResponseMetadata: { RequestId: 'local' } };
    return [200, xml({ [`${name}Response`]: result })];
  } catch (thrown) {
    if (thrown instanceof AwsFault) return [400, fault(thrown.type, thrown.message)];
    return [500, fault('InternalFailure', String(thrown))];
  }
};

/** @returns the server, not yet listening */
export const awsQuery = (actions: QueryActions): Server =>
  createServer(async (request, response) => {
    const [status, body] = await answer(actions, request);
    response.writeHead(status, { 'content-type': 'text/xml' });
    response.end(body);
  });
