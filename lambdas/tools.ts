/**
 * What decide, the pure room, is handed of libraries and parsers.
 *
 * croner, the library behind schedules, is loaded when a service has one and not before: in a Lambda it is a file of its
 * own, and a cold start without a schedule does not pay for it. Where that file can't be loaded, a window has no answer and the
 * guard that asks for it holds; services without a schedule never notice.
 */
import { expressionOf } from './contract/expression.ts';
import type { Tools } from './contract/tools.ts';
import { type Croner, isOpen } from './cron-windows.ts';

type Loaded = { readonly croner: Croner } | { readonly failure: unknown };
let loaded: Loaded | undefined;

const load = async (): Promise<Loaded> => {
  try {
    return { croner: await import('croner') };
  } catch (failure) {
    return { failure };
  }
};

const windowIsOpen: Tools['isOpen'] = (window, at) => {
  if (loaded === undefined) throw new Error('the tools were not loaded for a schedule');
  if ('failure' in loaded) throw loaded.failure;
  return isOpen(loaded.croner, window, at);
};

/** The tools for these services. */
export const toolsFor = async (services: readonly { readonly schedule?: unknown }[]): Promise<Tools> => {
  if (services.some(({ schedule }) => schedule !== undefined)) loaded ??= await load();
  return { expression: expressionOf, isOpen: windowIsOpen };
};
