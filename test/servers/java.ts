/** A Java that can run the brokers, and the options that keep a broker small and quick to start. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { find, packaged } from './install.ts';

const OLDEST = 17;
const DEBIAN = '/usr/lib/jvm';

const isNewEnough = (path: string): boolean => {
  if (!existsSync(path)) return false;
  const { stderr } = spawnSync(path, ['-version'], { encoding: 'utf8' });
  return Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0) >= OLDEST;
};

const findJava = (): string | undefined => {
  const home = process.env['JAVA_HOME'];
  const onPath = find('java');
  const debians = existsSync(DEBIAN) ? readdirSync(DEBIAN) : [];
  return [
    ...(home === undefined ? [] : [join(home, 'bin', 'java')]),
    ...(onPath === undefined ? [] : [onPath]),
    ...debians.map((name) => join(DEBIAN, name, 'bin', 'java')),
  ].find(isNewEnough);
};

let found: Promise<string> | undefined;

/** JAVA_HOME's, the one on the PATH or Debian's, the first that is new enough. */
export const java = (): Promise<string> => {
  found ??= packaged({
    name: 'openjdk-17-jre-headless',
    find: findJava,
    instead: `set JAVA_HOME to a Java ${OLDEST} or newer`,
  });
  return found;
};

/** The first compiler and the simple collector: half the time to start and a third of the memory, at a peak that no test needs. */
export const SMALL_JVM: readonly string[] = [
  '-Xms32m',
  '-Xmx256m',
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-XX:-UsePerfData',
  '-Djava.awt.headless=true',
];
