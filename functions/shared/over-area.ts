import { type DeployedSteward, openDeployedSteward } from './open-steward.ts';
import type { Runtime } from './runtime.ts';

/** What runs over the area, and what tells of a run. */
export interface Running {
  readonly runSteward: typeof import('#steward/run.ts').runSteward;
  readonly runAnswer: typeof import('./run-answer.ts').runAnswer;
}

/**
 * Opens the steward, and meanwhile loads what it takes to run over the area: opening waits for the ledger, and a function
 * starts sooner without all that judges objects.
 *
 * @throws DeploymentError, ConfigError, LocationError
 */
export async function openToRun(runtime: Runtime): Promise<Running & { readonly steward: DeployedSteward }> {
  const [steward, { runSteward }, { runAnswer }] = await Promise.all([
    openDeployedSteward(runtime),
    import('#steward/run.ts'),
    import('./run-answer.ts'),
  ]);
  return { steward, runSteward, runAnswer };
}
