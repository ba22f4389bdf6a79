/** The options of the source `http`, and what does not go together in them. */
import * as z from 'zod';
import { commonOptions } from '../../../contract/source.ts';
import { shown } from '../../../contract/wording.ts';
import { FIELD } from './field.ts';
import { canBeUrl, contradictionsIn, headers, wayIn } from './way-in.ts';

const MOST_FIELDS = 10;

const field = z
  .string()
  .regex(
    FIELD,
    'expected the path of a field, such as queue.depth, queues[0].depth or ["a key.with dots"].depth',
  );

export const options = z
  .strictObject({
    type: z.literal('http'),
    url: z
      .string()
      .regex(
        /^(https?:\/\/[^/?#@\s\\]+([/?#]\S*)?|.*%\(.+\).*)$/i,
        'expected a URL such as https://orders.example.com/depth; user and password are options of their own',
      )
      .refine(canBeUrl, 'expected a URL that has a valid host and port')
      .meta({ description: 'What is asked.' }),
    method: z.enum(['GET', 'POST']).default('GET').meta({ description: 'How it is asked.' }),
    body: z.unknown().optional().meta({ description: 'What is sent with POST, as JSON.' }),
    headers: headers
      .optional()
      .meta({ description: 'Headers that are sent; one that is a secret is written %(NAME).' }),
    field: field.optional().meta({
      description:
        'Path of the number in the JSON answer: queue.depth, queues[0].depth. Text that is a number counts as one. Default: the whole answer is the number.',
    }),
    fields: z
      .record(z.string().regex(/^[A-Za-z_]\w*$/), field)
      .optional()
      .meta({
        description: 'Several numbers of one answer, in place of field: the path of each by its alias.',
      }),
    alias: z.string().optional().meta({
      description:
        'The one of fields that is the value which policies look at. Default: the only one; of several, none.',
    }),
    ...wayIn,
    ...commonOptions,
  })
  .superRefine((given, { addIssue }) => {
    const refuse = (path: keyof typeof given, message: string) =>
      addIssue({ code: 'custom', path: [path], message });
    const { method, body, fields, alias } = given;
    if (body !== undefined && method !== 'POST') refuse('body', 'a body is sent with method: POST only');
    if (given.field !== undefined && fields !== undefined)
      refuse('field', 'give either field or fields; with several, alias names the one that is the value');
    if (fields !== undefined && Object.keys(fields).length > MOST_FIELDS)
      refuse('fields', `expected at most ${MOST_FIELDS} fields: all of them travel with every decision`);
    if (alias !== undefined && !(fields !== undefined && Object.hasOwn(fields, alias)))
      refuse('alias', `expected one of the aliases in fields, and ${shown(alias)} is none`);
    for (const [path, message] of contradictionsIn(given)) refuse(path, message);
  })
  .meta({ description: 'A number in the JSON that an HTTP server answers.' });

export type Options = z.output<typeof options>;

export const isSecure = ({ url }: Options): boolean => /^https:/i.test(url);
