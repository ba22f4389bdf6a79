/**
 * A dialect is the configuration of another scaler: how one is recognised, and what it says in our own words. One file each, listed in
 * `registry.ts`. What has no equivalent here is told as a {@link Difference}, never dropped in silence.
 */
import type { Environment } from './settings.ts';

/** One file, or what stands in for it. */
export interface Written {
  /** The file's name without folder and extension: some dialects call a cluster like its file. */
  readonly name: string;
  /** Its documents; one, except where a YAML file holds several between `---`. */
  readonly documents: readonly unknown[];
}

/** A point in which the two scalers behave differently. */
export interface Difference {
  /** Where it was written, in the words of the dialect: `triggers[0].metadata.queueLength`, `SCALE_DOWN_THRESHOLD`. */
  readonly path: string;
  /** What it does there, what happens here and, where something is to be done, what. One or two sentences. */
  readonly why: string;
}

export interface Translated {
  /** In our own shape, not parsed yet: `parseConfig` has the last word. */
  readonly config: unknown;
  readonly differences: readonly Difference[];
}

export interface Dialect {
  /** As it is shown: `fast-autoscaler`, `KEDA ScaledObject`. */
  readonly name: string;
  /** Whether a file is of this dialect. Must be certain: a mistake in our own shape is not to be taken for another dialect. */
  readonly recognises: (written: Written) => boolean;
  /**
   * @param env what the file leaves to the environment is looked up there
   * @throws ConfigError with every problem; paths are places in the (first) document
   */
  readonly translate: (written: Written, env: Environment) => Translated;
  /**
   * What environment variables of this dialect say; `undefined` when none of those is set that only a user of it has.
   *
   * @throws ConfigError with every variable that is missing or wrong
   */
  readonly fromEnvironment?: (env: Environment) => Translated | undefined;
}
