/** Consecutive pieces of at most so many, since AWS takes only so many names a call, and a source only so many fields. */
export const chunksOf = <T>(items: readonly T[], size: number): readonly T[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, nth) =>
    items.slice(nth * size, (nth + 1) * size),
  );
