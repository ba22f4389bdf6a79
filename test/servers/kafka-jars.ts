/**
 * The jars of a Kafka broker: `kafka_2.13` 3.9.2 with everything that it needs to run, and slf4j-simple, which writes
 * its log. The list was resolved by Maven once (`mvn dependency:list -DincludeScope=runtime`); so a machine that
 * has only Java can run it.
 */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { messageOf } from '../../lambdas/contract/errors.ts';
import { alone, cacheFolder, fromMavenCentral, say } from './install.ts';

const FOLDER = 'kafka-3.9.2';
const AT_ONCE = 6;

/** SHA-256 by path on Maven Central. */
const listed = (): Readonly<Record<string, string>> =>
  JSON.parse(readFileSync(new URL('kafka-jars.json', import.meta.url), 'utf8'));

/** The folder that holds them all; downloaded at first use. */
export const kafkaJars = async (instead: string): Promise<string> => {
  const folder = join(cacheFolder(), FOLDER);
  const targetOf = (path: string) => join(folder, basename(path));
  const all = Object.entries(listed());
  const isWhole = () => all.every(([path]) => existsSync(targetOf(path)));
  if (isWhole()) return folder;
  return alone(async () => {
    if (isWhole()) return folder;
    say(`downloading ${FOLDER} from Maven Central (${all.length} jars, 46 MB, once per machine) …`);
    mkdirSync(folder, { recursive: true });
    const waiting = [...all];
    const download = async () => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const [path, sha256] = next;
        await fromMavenCentral(path, sha256, targetOf(path));
      }
    };
    try {
      await Promise.all(Array.from({ length: AT_ONCE }, download));
    } catch (failure) {
      throw new Error(`${messageOf(failure)} Or ${instead}.`);
    }
    return folder;
  });
};
