/** What a process still has: the servers' folders and the processes that it started. Linux only, from /proc. */
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';

export const foldersOf = (pid: number): readonly string[] =>
  readdirSync(tmpdir()).filter((name) => name.startsWith(`pulsescale-server-${pid}-`));

export const childrenOf = (pid: number): readonly string[] =>
  readdirSync('/proc').filter((id) => {
    if (!/^\d+$/.test(id)) return false;
    try {
      // "17 (name, which may hold anything) S 1 …": the state and the parent come after the last bracket.
      const stat = readFileSync(`/proc/${id}/stat`, 'utf8');
      const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return Number(parent) === pid && state !== 'Z';
    } catch {
      // It has ended since the folder was read.
      return false;
    }
  });
