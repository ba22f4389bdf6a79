/** All rows of the fault table, in the order in which a tick meets them. */
import { asleepRows } from './asleep.ts';
import { deathRows } from './deaths.ts';
import { ecsRows } from './ecs.ts';
import { executionRows } from './executions.ts';
import { functionRows } from './functions.ts';
import { handOverRows } from './hand-over.ts';
import { noticeRows } from './notices.ts';
import { objectRows } from './objects.ts';
import { queueRows } from './queue.ts';
import type { Row } from './row.ts';
import { storeRows } from './store.ts';

export const rows: readonly Row[] = [
  ...storeRows,
  ...objectRows,
  ...queueRows,
  ...ecsRows,
  ...noticeRows,
  ...handOverRows,
  ...functionRows,
  ...deathRows,
  ...executionRows,
  ...asleepRows,
];
