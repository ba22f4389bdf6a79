/** The heap against a sorted list, whatever is done to it. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createHeap } from '../../../local/simulation/heap.ts';

const step = fc.oneof(
  fc.record({ does: fc.constant('add' as const), key: fc.nat({ max: 99 }) }),
  fc.record({ does: fc.constantFrom('drop' as const, 'replace' as const), key: fc.nat({ max: 99 }) }),
);

test('the smallest key is first, through adding, dropping and replacing', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const heap = createHeap();
      let sorted: number[] = [];
      for (const { does, key } of steps) {
        if (does === 'add') {
          heap.add(key, key + 1000);
          sorted.push(key);
        } else if (sorted.length > 0) {
          if (does === 'drop') heap.drop();
          else heap.replace(key, key + 1000);
          sorted = [...sorted.slice(1), ...(does === 'replace' ? [key] : [])];
        }
        sorted.sort((a, b) => a - b);
        expect([heap.size(), heap.key()]).toEqual([sorted.length, sorted[0] ?? Number.POSITIVE_INFINITY]);
        if (sorted.length > 0) expect(heap.first()).toBe((sorted[0] ?? 0) + 1000);
      }
    }),
  );
});
