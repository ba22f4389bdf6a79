/** Every load of the bench: recorded ones, whose files may not be there, then those that are made here. */
import { azureFunctions } from './azure-functions.ts';
import { azureLlm, azureLlmLong } from './azure-llm.ts';
import { genai, genaiLong } from './genai.ts';
import { generated } from './generated.ts';
import type { TraceKind } from './kind.ts';
import { nasa, twitter, wikibench } from './per-second.ts';
import { wikipedia } from './wikipedia.ts';
import { worldcup } from './worldcup.ts';

export const traces: readonly TraceKind[] = [
  ...worldcup,
  twitter,
  nasa,
  ...azureLlm,
  ...azureLlmLong,
  genai,
  genaiLong,
  ...azureFunctions,
  wikipedia,
  wikibench,
  ...generated,
];
