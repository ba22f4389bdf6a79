/** The row of free tasks against a list. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createFreeTasks } from '../../../local/simulation/free-tasks.ts';

test('who has been free for longest is first, however long the row gets', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -60, max: 100 }), { maxLength: 12 }), (steps) => {
      const free = createFreeTasks();
      const row: number[] = [];
      let tasks = 0;
      for (const step of steps) {
        for (let nth = 0; nth < step; nth += 1) {
          free.add(tasks);
          row.push(tasks);
          tasks += 1;
        }
        for (let nth = step; nth < 0 && row.length > 0; nth += 1) expect(free.take()).toBe(row.shift());
      }
      for (const task of row) expect(free.take()).toBe(task);
    }),
  );
});
