/** The address of an HTTP request of ecs-autoscale, which has user and password in it: `https://%(USER):%(PASSWORD)@broker/api/queues/celery`. */
import type { ConfigProblem } from '../errors.ts';
import { substitute } from '../substitute.ts';
import type { Difference } from './dialect.ts';
import type { Environment, Settings } from './settings.ts';
import type { Fields } from './values.ts';

/** What a translation goes through the file with. */
export interface Reading {
  readonly env: Environment;
  readonly problems: ConfigProblem[];
  readonly differences: Difference[];
}

const LOGIN = /^(https?:\/\/)([^/?#@\s]*)@(.*)$/i;

const decoded = (text: string): string => {
  try {
    return text.includes('%(') ? text : decodeURIComponent(text);
  } catch {
    return text;
  }
};

const REFERENCE = /^%\(([A-Za-z_]\w*)\)$/;
const SECRET_ARN = /^arn:[\w-]+:secretsmanager:/;

/** As it is written; where the variable holds the ARN of a secret, that secret. */
const credential = (option: 'username' | 'password', part: string | undefined, env: Environment): Fields => {
  if (part === undefined) return {};
  const value = env[REFERENCE.exec(part)?.[1] ?? ''] ?? '';
  return SECRET_ARN.test(value) ? { [`${option}Secret`]: value } : { [option]: decoded(part) };
};

/** The URL without its login, and that as the options which it is here. */
export const addressIn = (read: Settings, reading: Reading): Fields => {
  const url = read.required({ key: 'url' }, 'the URL that answers with JSON');
  if (url === undefined) return {};
  const path = read.pathTo({ key: 'url' });
  const [, scheme = '', login = '', rest = ''] = LOGIN.exec(url) ?? [];
  if (scheme === '') {
    const hidden = withLogin(url, reading.env);
    if (hidden)
      reading.problems.push({
        path,
        message: `a variable in it holds a user and a password, which have options of their own here: take them out of it and write https://%(USER):%(PASSWORD)@… with variables for both`,
      });
    return { url };
  }
  const colon = login.indexOf(':');
  const username = colon < 0 ? login : login.slice(0, colon);
  const password = colon < 0 ? undefined : login.slice(colon + 1);
  if (password !== undefined && !REFERENCE.test(password)) {
    const message =
      'the password in this URL would be deployed as text; write https://%(USER):%(PASSWORD)@… and set these environment variables';
    reading.problems.push({ path, message });
  }
  reading.differences.push({
    path,
    why: 'User and password are taken out of the URL and become options of their own, so that no message shows them. Deployed, the variable of the password has to hold the ARN of a secret in Secrets Manager.',
  });
  return {
    url: `${scheme}${rest}`,
    ...credential('username', username, reading.env),
    ...credential('password', password, reading.env),
  };
};

const withLogin = (url: string, env: Environment): boolean => {
  try {
    return LOGIN.test(substitute(url, env));
  } catch {
    return false;
  }
};
