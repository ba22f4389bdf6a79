/** How a source gets into an HTTP server: the options for it, and what does not go together in them. */
import * as z from 'zod';
import { credentials, secretArn, type Tls, tls } from '../../../contract/access.ts';

/** User and password or a token, and TLS. */
export const wayIn = {
  ...credentials,
  token: z
    .string()
    .optional()
    .meta({ description: 'Bearer token, as %(NAME) of an environment variable; better is tokenSecret.' }),
  tokenSecret: secretArn('the token'),
  tls: tls('as the URL says, with the certificate checked'),
} as const;

/** Headers by name. */
export const headers = z.record(z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/), z.string());

/** Whether a URL, `%(NAME)` perhaps in it, can be one. */
export const canBeUrl = (text: string): boolean => text.includes('%(') || URL.canParse(text);

/** The options that say who asks. */
export interface Login {
  readonly username?: string | undefined;
  readonly usernameSecret?: string | undefined;
  readonly password?: string | undefined;
  readonly passwordSecret?: string | undefined;
  readonly token?: string | undefined;
  readonly tokenSecret?: string | undefined;
}

interface Given extends Login {
  readonly url: string;
  readonly tls?: Tls | undefined;
}

/** What does not go together, as option and message. */
export const contradictionsIn = (given: Given): readonly (readonly ['username' | 'tls', string])[] => {
  const { url, username, usernameSecret, password, passwordSecret, token, tokenSecret, tls: how } = given;
  const isGiven = (value: string | undefined): boolean => value !== undefined;
  const twoLogins =
    [token, tokenSecret].some(isGiven) && [username, usernameSecret, password, passwordSecret].some(isGiven);
  const wrongTls = /^https:/i.test(url)
    ? how === false
    : /^http:/i.test(url) && how !== undefined && how !== false;
  return [
    ...(twoLogins ? [['username', 'give either a user with a password, or a token'] as const] : []),
    ...(wrongTls
      ? [['tls', 'the URL says otherwise: https:// is with TLS and http:// without'] as const]
      : []),
  ];
};
