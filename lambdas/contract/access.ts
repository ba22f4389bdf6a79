/**
 * How a source gets into a server, said once for all of them: user, password, TLS. The options here are spread into a source's
 * own schema; what they mean is the same everywhere.
 *
 * A secret is named, never written: `passwordSecret` holds the ARN of a Secrets Manager secret, and collect puts what it
 * finds there into `password` before it connects. So a source only ever looks at `username`, `password` and `tls`.
 */
import type { ConnectionOptions } from 'node:tls';
import * as z from 'zod';

const ARN = /^(arn:[\w-]+:secretsmanager:[\w-]+:\d{12}:secret:.+|%\(.+\).*)$/;

/** The ARN of a secret. `description` says what is in it. */
export const secretArn = (description: string) =>
  z
    .string()
    .regex(
      ARN,
      'expected the ARN of a secret, such as arn:aws:secretsmanager:us-east-1:123456789012:secret:broker-AbCdEf',
    )
    .optional()
    .meta({
      description: `ARN of a Secrets Manager secret that holds ${description}, as text or in a JSON object; as in ECS, \`:key::\` after the ARN names the key.`,
    });

/** User and password, each as `%(NAME)` or as a secret's ARN. */
export const credentials = {
  username: z.string().min(1).optional().meta({ description: 'User.' }),
  usernameSecret: secretArn('the user'),
  password: z
    .string()
    .optional()
    .meta({ description: 'Password, as %(NAME) of an environment variable; better is passwordSecret.' }),
  passwordSecret: secretArn('the password'),
} as const;

const tlsSchema = z.union([
  z.boolean(),
  z.strictObject({
    ca: z.string().optional().meta({
      description:
        "Certificates that the server's is checked against, in place of the system's: PEM text, or the absolute path of a PEM file where collect runs.",
    }),
    serverName: z
      .string()
      .optional()
      .meta({ description: "Name in the server's certificate. Default: the host." }),
    verify: z.boolean().default(true).meta({
      description:
        'false accepts any certificate, which lets anybody on the way read the password; it warns at every start.',
    }),
  }),
]);
export type Tls = z.output<typeof tlsSchema>;

/** `tls`; `default_` says in words what holds where it is left out. */
export const tls = (default_: string) =>
  tlsSchema.optional().meta({
    description: `true, false, or how to check the server's certificate. Default: ${default_}.`,
  });

/** What node:tls and every client on top of it is given; `undefined`: no TLS. @param fallback where `tls` is left out */
export const tlsOptions = (given: Tls | undefined, fallback: boolean): ConnectionOptions | undefined => {
  const { ca, serverName, verify } =
    typeof given === 'object' ? given : { ca: undefined, serverName: undefined, verify: true };
  if (given === false || (given === undefined && !fallback)) return undefined;
  return {
    rejectUnauthorized: verify,
    ...(ca === undefined ? {} : { ca }),
    ...(serverName === undefined ? {} : { servername: serverName }),
  };
};

/** A name ending in `Secret` holds an ARN; what is found there goes under the name without it. */
const SECRET = /^(.+)Secret$/;

/** One secret that options name. */
export interface SecretReference {
  /** Where its value goes, `password` for `passwordSecret`. */
  readonly name: string;
  /** The secret itself, without what may follow for a key in it. */
  readonly arn: string;
  /** Which key of a JSON secret. */
  readonly key: string | undefined;
  /** `AWSPREVIOUS`, say; undefined: the current one. */
  readonly stage: string | undefined;
  /** The ID of a version; undefined: the one that the stage says. */
  readonly version: string | undefined;
}

type Options = Readonly<Record<string, unknown>>;

/** `arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME[:KEY:STAGE:VERSION]`, as ECS writes it. */
const referenceTo = (name: string, text: string): SecretReference => {
  const parts = text.split(':');
  const [key, stage, version] = [7, 8, 9].map((position) => parts[position] || undefined);
  return { name, arn: parts.slice(0, 7).join(':'), key, stage, version };
};

/** The secrets that stand at the top of a source's options. */
export const secretsIn = (options: unknown): readonly SecretReference[] =>
  Object.entries((options ?? {}) as Options).flatMap(([field, value]) => {
    const name = SECRET.exec(field)?.[1];
    return name === undefined || typeof value !== 'string' || value === '' ? [] : [referenceTo(name, value)];
  });

const ACCESS = /^(tls|.*(username|password|token)|.+Secret)$/i;

/** The part of the options that decides how one gets in: services that differ in it cannot share a connection. */
export const accessOf = (options: unknown): Options =>
  Object.fromEntries(Object.entries((options ?? {}) as Options).filter(([field]) => ACCESS.test(field)));

/** Whether certificates are taken unchecked, which somebody should be told at every start. */
export const isUnverified = (options: unknown): boolean =>
  ((options as { tls?: { verify?: unknown } } | null)?.tls?.verify ?? true) === false;
