/**
 * What stands for a value that is not in a file, or must not be copied from it: `%(NAME)`, an environment variable of whoever runs.
 */

/** `orders-worker.password`, `OrdersQueue` → `ORDERS_WORKER_PASSWORD`, `ORDERS_QUEUE`. */
export const variableOf = (...parts: readonly string[]): string => {
  const name = parts
    .join('_')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replace(/\W+/g, '_')
    .replace(/_+/g, '_')
    .replace(/^_|_$/g, '')
    .toUpperCase();
  return /^\d/.test(name) || name === '' ? `_${name}` : name;
};

export const placeholder = (...parts: readonly string[]): string => `%(${variableOf(...parts)})`;

export const isPlaceholder = (text: string | undefined): boolean => text?.includes('%(') === true;
