/** What a connection's failure means to an operator, whichever client it came through. */
import { messageOf, nameOf } from './errors.ts';

/** The text that tells failures apart: the codes, names and messages of an error and of everything behind it. */
const traceOf = (thrown: unknown, depth = 0): string => {
  if (typeof thrown !== 'object' || thrown === null || depth > 5) return String(thrown);
  const { code, cause, errors } = thrown as { code?: unknown; cause?: unknown; errors?: unknown };
  const inner = [cause, ...(Array.isArray(errors) ? errors : [])].filter((each) => each !== undefined);
  return [code, nameOf(thrown), messageOf(thrown), ...inner.map((each) => traceOf(each, depth + 1))].join(
    ' ',
  );
};

const MEANINGS: readonly (readonly [RegExp, (server: string) => string])[] = [
  [
    /ERR_TLS_CERT_ALTNAME_INVALID|does not match certificate/,
    (server) =>
      `the certificate of ${server} is for another name: connect by the name in it, or give that as tls.serverName`,
  ],
  [
    /CERT_HAS_EXPIRED|certificate has expired/,
    (server) => `the certificate of ${server} has expired: renew it on the server`,
  ],
  [
    /SELF_SIGNED_CERT|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|CERT_|self[- ]signed certificate|unable to verify the first certificate|unable to get (local )?issuer/,
    (server) =>
      `the certificate of ${server} is not signed by a known authority: give the one that signed it as tls.ca`,
  ],
  [
    /EPROTO|ERR_SSL_|wrong version number|packet length too long|before secure TLS connection was established/,
    (server) =>
      `${server} does not speak TLS the way it was asked: is this its TLS port, and is tls set right?`,
  ],
  [/ECONNREFUSED/, (server) => `${server} refused the connection: is the server up, and is this its port?`],
  [
    /ENOTFOUND|EAI_AGAIN/,
    (server) =>
      `the host of ${server} has no address: check its name, and that collect runs in a network that knows it`,
  ],
  [
    /EHOSTUNREACH|ENETUNREACH/,
    (server) => `${server} cannot be reached from here: does collect run in the server's VPC?`,
  ],
  [
    /ETIMEDOUT|Timeout|timed? ?out|AbortError|ABORT_ERR|This operation was aborted/i,
    (server) =>
      `${server} did not answer in time: is it up, and does its security group let collect in? It is tried again at the next tick`,
  ],
  [
    /ECONNRESET|EPIPE|socket hang up|other side closed|[Cc]onnection (was )?(closed|lost|ended)|Socket closed/,
    (server) => `${server} closed the connection: it is opened again at the next tick`,
  ],
];

/** One sentence with the remedy; `undefined`: this is no failure of the connection. @param server as people know it */
export const explainConnection = (thrown: unknown, server: string): string | undefined => {
  const trace = traceOf(thrown);
  return MEANINGS.find(([pattern]) => pattern.test(trace))?.[1](server);
};
