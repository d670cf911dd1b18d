/** Tells one state of the code from another: what a function of a run wrote is read by functions of the same code alone. */

/** Set where the code is bundled: a digest of all sources. */
declare const STEWARD_BUILD: string | undefined;

/** The same for all functions of one deployment; `source` where nothing was bundled. */
export function buildId(): string {
  return typeof STEWARD_BUILD === 'string' ? STEWARD_BUILD : 'source';
}
