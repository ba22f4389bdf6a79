/**
 * The certificates of the servers' TLS ports: a CA of our own with a certificate for localhost and 127.0.0.1, and a
 * second CA which signed nothing here, for tests that must see a refusal. Made once by openssl and kept in the cache.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { alone, cacheFolder, find, packaged } from './install.ts';

export interface Certificates {
  /** The CA in PEM, as clients are given it. */
  readonly ca: string;
  /** Another CA in PEM, under which no server of ours can be verified. */
  readonly wrongCa: string;
  /** Paths, for the servers' configurations. */
  readonly caFile: string;
  readonly certificateFile: string;
  readonly keyFile: string;
  /** Key and certificates together, for a JVM. */
  readonly pkcs12File: string;
  readonly pkcs12Password: string;
}

const PKCS12_PASSWORD = 'pulsescale';
const DAYS = '3650';
const EXTENSIONS = `basicConstraints=CA:FALSE
keyUsage=digitalSignature,keyEncipherment
extendedKeyUsage=serverAuth
subjectAltName=DNS:localhost,IP:127.0.0.1
`;

const make = (openssl: string, folder: string): void => {
  const run = (...args: string[]) => execFileSync(openssl, args, { cwd: folder, stdio: 'pipe' });
  for (const [file, name] of [
    ['ca', 'Pulsescale test CA'],
    ['wrong-ca', 'Pulsescale wrong test CA'],
  ] as const) {
    run(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      DAYS,
      '-subj',
      `/CN=${name}`,
      '-keyout',
      `${file}.key`,
      '-out',
      `${file}.pem`,
    );
  }
  writeFileSync(join(folder, 'extensions'), EXTENSIONS);
  run(
    'req',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-subj',
    '/CN=localhost',
    '-keyout',
    'server.key',
    '-out',
    'server.csr',
  );
  run(
    'x509',
    '-req',
    '-in',
    'server.csr',
    '-CA',
    'ca.pem',
    '-CAkey',
    'ca.key',
    '-CAcreateserial',
    '-days',
    DAYS,
    '-extfile',
    'extensions',
    '-out',
    'server.pem',
  );
  run(
    'pkcs12',
    '-export',
    '-in',
    'server.pem',
    '-inkey',
    'server.key',
    '-certfile',
    'ca.pem',
    '-name',
    'server',
    '-passout',
    `pass:${PKCS12_PASSWORD}`,
    '-out',
    'server.p12',
  );
};

export const certificates = async (): Promise<Certificates> => {
  const openssl = await packaged({ name: 'openssl', find: () => find('openssl') });
  const folder = join(cacheFolder(), 'certificates');
  const at = (file: string) => join(folder, file);
  if (!existsSync(folder)) {
    await alone(() => {
      if (existsSync(folder)) return;
      const half = `${folder}.part`;
      rmSync(half, { recursive: true, force: true });
      mkdirSync(half, { mode: 0o700 });
      make(openssl, half);
      renameSync(half, folder);
    });
  }
  return {
    ca: readFileSync(at('ca.pem'), 'utf8'),
    wrongCa: readFileSync(at('wrong-ca.pem'), 'utf8'),
    caFile: at('ca.pem'),
    certificateFile: at('server.pem'),
    keyFile: at('server.key'),
    pkcs12File: at('server.p12'),
    pkcs12Password: PKCS12_PASSWORD,
  };
};
