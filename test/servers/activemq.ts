/**
 * ActiveMQ Classic from its binary archive (Debian's package has neither the web console nor Jolokia): STOMP, Jolokia
 * at `/api/jolokia` under the policy that it ships with, and the statistics plugin.
 *
 * 5.18.3 is the newest whose binary archive is on Maven Central and that runs on Java 17.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brokerXml, credentials, jettyXml, LOG4J, realm, type Settings } from './activemq-files.ts';
import { certificates } from './certificates.ts';
import { makeFolder } from './folder.ts';
import { alone, cacheFolder, fromMavenCentral, say } from './install.ts';
import { java, SMALL_JVM } from './java.ts';
import { ask, freePort, get } from './port.ts';
import { programOf } from './process.ts';
import { notOurs, type Server, startServer } from './server.ts';

export interface ActivemqAddress {
  readonly host: string;
  readonly stompPort: number;
  readonly stompTlsPort?: number;
  /** `…/api/jolokia`; wants an Origin header and Basic authentication. */
  readonly jolokiaUrl: string;
  readonly jolokiaTlsUrl?: string;
  readonly username: string;
  readonly password: string;
  readonly ca?: string;
}

export interface ActivemqOptions {
  readonly stompPort?: number;
  /** Listen with TLS too, for STOMP and for Jolokia. */
  readonly tls?: boolean;
  readonly username?: string;
  /** ASCII without a comma: Jetty reads Basic authentication as Latin-1, and a comma ends it in its file of users. */
  readonly password?: string;
  /** In place of the statistics plugin, as elements of `<plugins>`. */
  readonly plugins?: string;
}

const VARIABLE = 'PULSESCALE_ACTIVEMQ_STOMP_URL';
const JOLOKIA_VARIABLE = 'PULSESCALE_ACTIVEMQ_JOLOKIA_URL';
const NAME = 'apache-activemq-5.18.3';
const ARCHIVE = `org/apache/activemq/apache-activemq/5.18.3/${NAME}-bin.tar.gz`;
const SHA256 = '943381aa6d340707de6c42eadbf7b41b7fdf93df604156d972d50c4da783544f';

/** As its own script has it for Java 9 and later. */
const OPENED = [
  '--add-reads=java.xml=java.logging',
  ...[
    'java.base/java.security',
    'java.base/java.net',
    'java.base/java.lang',
    'java.base/java.util',
    'java.base/java.util.concurrent',
    'java.base/java.util.concurrent.atomic',
    'java.naming/javax.naming.spi',
    'java.rmi/sun.rmi.transport.tcp',
  ].map((name) => `--add-opens=${name}=ALL-UNNAMED`),
];

const home = (): Promise<string> => {
  const folder = join(cacheFolder(), NAME);
  if (existsSync(folder)) return Promise.resolve(folder);
  return alone(async () => {
    if (existsSync(folder)) return folder;
    const archive = `${folder}.tar.gz`;
    say(`downloading ${NAME} from Maven Central (47 MB, once per machine) …`);
    await fromMavenCentral(ARCHIVE, SHA256, archive);
    const half = `${folder}.part`;
    rmSync(half, { recursive: true, force: true });
    mkdirSync(half);
    execFileSync('tar', ['xzf', archive, '-C', half]);
    renameSync(join(half, NAME), folder);
    rmSync(half, { recursive: true });
    rmSync(archive);
    return folder;
  });
};

const elsewhere = (stompUrl: string, jolokiaUrl: string): ActivemqAddress => {
  const { hostname, port, username, password } = new URL(stompUrl);
  return {
    host: hostname,
    stompPort: Number(port === '' ? '61613' : port),
    jolokiaUrl,
    username: username === '' ? 'admin' : decodeURIComponent(username),
    password: password === '' ? 'admin' : decodeURIComponent(password),
  };
};

export const startActivemq = async (options: ActivemqOptions = {}): Promise<Server<ActivemqAddress>> => {
  const [stompUrl, jolokia] = [process.env[VARIABLE], process.env[JOLOKIA_VARIABLE]];
  if (stompUrl !== undefined && jolokia !== undefined && Object.keys(options).length === 0)
    return notOurs(elsewhere(stompUrl, jolokia), VARIABLE);

  const command = await java();
  const shipped = await home();
  const { username = 'pulsescale', password = 'pulsescale', plugins = '<statisticsBrokerPlugin/>' } = options;
  const [stompPort, webPort] = [options.stompPort ?? (await freePort()), await freePort()];
  const tls =
    options.tls === true
      ? { ...(await certificates()), stompPort: await freePort(), webPort: await freePort() }
      : undefined;
  const settings: Settings = {
    username,
    password,
    stompPort,
    webPort,
    plugins,
    ...(tls === undefined ? {} : { tls }),
  };

  const folder = makeFolder('activemq');
  const at = (file: string) => join(folder, file);
  mkdirSync(at('tmp'));
  cpSync(join(shipped, 'conf', 'jolokia-access.xml'), at('jolokia-access.xml'));
  writeFileSync(at('activemq.xml'), brokerXml(settings), { mode: 0o600 });
  writeFileSync(
    at('jetty.xml'),
    jettyXml(readFileSync(join(shipped, 'conf', 'jetty.xml'), 'utf8'), settings),
  );
  writeFileSync(at('jetty-realm.properties'), realm(settings), { mode: 0o600 });
  writeFileSync(at('credentials.properties'), credentials(settings), { mode: 0o600 });
  writeFileSync(at('log4j2.properties'), LOG4J);

  const login = Buffer.from(`${username}:${password}`).toString('base64');
  const headers = [`Authorization: Basic ${login}`, 'Origin: http://127.0.0.1'];
  const hello = ['CONNECT', 'accept-version:1.2', 'host:127.0.0.1', 'login:', 'passcode:', '', '\0'].join(
    '\n',
  );
  const args = [
    ...SMALL_JVM,
    ...OPENED,
    `-Dactivemq.home=${shipped}`,
    `-Dactivemq.base=${folder}`,
    `-Dactivemq.conf=${folder}`,
    `-Dactivemq.data=${at('data')}`,
    `-Dactivemq.classpath=${folder}`,
    `-Djolokia.conf=file:${at('jolokia-access.xml')}`,
    `-Dlog4j2.configurationFile=${at('log4j2.properties')}`,
    `-Djava.io.tmpdir=${at('tmp')}`,
    '-jar',
    join(shipped, 'bin', 'activemq.jar'),
    'start',
    `xbean:file:${at('activemq.xml')}`,
  ];
  return startServer({
    name: 'activemq',
    folder,
    address: {
      host: '127.0.0.1',
      stompPort,
      jolokiaUrl: `http://127.0.0.1:${webPort}/api/jolokia`,
      username,
      password,
      ...(tls === undefined
        ? {}
        : {
            stompTlsPort: tls.stompPort,
            jolokiaTlsUrl: `https://127.0.0.1:${tls.webPort}/api/jolokia`,
            ca: tls.ca,
          }),
    },
    programs: [
      programOf({
        name: 'activemq',
        command,
        args,
        folder,
        answers: async () => {
          const mbean = 'org.apache.activemq:type=Broker,brokerName=localhost/BrokerVersion';
          await get(webPort, `/api/jolokia/read/${mbean}`, { headers });
          // A refusal is an answer as well: with the wrong name, so that no session is left behind.
          await ask(stompPort, hello, /^(CONNECTED|ERROR)/);
        },
      }),
    ],
  });
};
