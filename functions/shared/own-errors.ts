import { BadEventError } from './bad-event.ts';
import { DeadlineError } from './deadline.ts';
import { DeploymentError } from './environment.ts';

const DOOR_ERRORS = [BadEventError, DeploymentError, DeadlineError];

/** Whether an error is about the event, the deployment or the time limit of a function. */
export function isDoorError(error: unknown): error is Error {
  return DOOR_ERRORS.some((kind) => error instanceof kind);
}
