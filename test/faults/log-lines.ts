/** What the handlers log. */
import { Writable } from 'node:stream';

/** Lines at WARN or worse become events. */
export const logInto = (note: (what: string) => void): Writable =>
  new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      for (const line of chunk.toString().split('\n')) {
        const [, level] = /"level":"(WARN|ERROR|CRITICAL)"/.exec(line) ?? [];
        if (level !== undefined) note(line.slice(0, 500));
      }
      done();
    },
  });
