import { manualInvocation } from '#core/manual-invocation.ts';
import { ENV } from './environment.ts';
import type { Runtime } from './runtime.ts';

/** The command that invokes the function `manual` with an event, to be typed next. */
export function manualCommand({ environment }: Runtime, event: object): string {
  const name = environment[ENV.manualFunction] ?? environment.AWS_LAMBDA_FUNCTION_NAME ?? 'MANUAL_FUNCTION';
  return manualInvocation(name, event);
}
