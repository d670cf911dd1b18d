import type { LifecycleJson } from '#core/lifecycle/document.ts';
import type { AskOptions } from './bucket-facts.ts';

/** The port to a bucket's lifecycle configuration, for the one program that writes it. */
export interface LifecycleWriter {
  /**
   * Replaces the whole configuration; S3 knows no condition for that, and no part of one.
   *
   * @throws StoreError, also for what the store's API has no words for: then nothing was written.
   */
  replace(document: LifecycleJson, options?: AskOptions): Promise<void>;
}
