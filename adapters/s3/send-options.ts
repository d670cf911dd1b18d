import { setMaxListeners } from 'node:events';

/** What tells the SDK by which signal a request is given up. */
export function sendOptions(signal: AbortSignal | undefined): { readonly abortSignal?: AbortSignal } {
  if (signal === undefined) return {};
  // Dozens of requests listen to one signal; Node would take that for a leak.
  setMaxListeners(0, signal);
  return { abortSignal: signal };
}
