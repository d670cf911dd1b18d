/** States in Amazon States Language with JSONata, of which the machine of the collection is made. */

/** Seconds between two attempts to get the lease. */
export const PAUSE = 60;
/** Attempts, so about four hours: longer than a sweep in parts leaves the lease to nobody else, and than a dead run keeps it. */
const MOST_WAITS = 240;
/** Seconds: a minute more than Lambda lets a function run. */
const TASK_TIMEOUT = 960;

/** What Lambda itself may answer where the function is well: nothing is known to have run. */
const LAMBDA_ERRORS = [
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
];

/** Of an item, what another attempt would not change; and the attempts for all else. */
const FINAL_ERRORS = ['BadEventError', 'ConfigError', 'DeadlineError', 'DeploymentError', 'LedgerError'];
const MOST_ATTEMPTS = 3;

/** What an invoked function has answered. */
export const ANSWER = '$states.result.Payload';
const LEASE_HELD = '$states.input.result = "lease-held"';
/** What is done by now, for the cause of a failure, which has no output beside. */
export const SO_FAR =
  '($count($runs) = 0 ? "" : " Runs of this collection: " & $join($runs, ", ") & "; they deleted " & $string($deletedObjects) & " objects.")';
const FAILURE =
  '($cause := $exists($states.errorOutput.Cause) ? $states.errorOutput.Cause : ""; $said := $substring($cause, 0, 1) = "{" ? $parse($cause).errorMessage : $cause; $exists($said) ? $said : $cause)';

export function jsonata(expression: string): string {
  return `{% ${expression} %}`;
}

/** A function whose answer is the output. @param payload in JSONata. */
export function invocation(resource: string, functionArn: string, payload: string): object {
  return {
    Type: 'Task',
    Resource: resource,
    Arguments: { FunctionName: functionArn, Payload: jsonata(payload) },
    Output: jsonata(ANSWER),
    TimeoutSeconds: TASK_TIMEOUT,
    Retry: [retry(LAMBDA_ERRORS, 7)],
    Catch: [
      {
        ErrorEquals: ['States.ALL'],
        Output: { error: jsonata('$states.errorOutput.Error'), cause: jsonata(`${FAILURE} & ${SO_FAR}`) },
        Next: 'Failed',
      },
    ],
  };
}

/** Of an item that any failure may be tried again of, unless another attempt would end the same way. */
export function item(resource: string, functionArn: string): object {
  return {
    Type: 'Task',
    Resource: resource,
    Arguments: { FunctionName: functionArn, Payload: jsonata('$states.input') },
    // The answers of all items together are the output of the Map, which has an end.
    Output: {},
    TimeoutSeconds: TASK_TIMEOUT,
    Retry: [
      retry(LAMBDA_ERRORS, 7),
      { ErrorEquals: FINAL_ERRORS, MaxAttempts: 0 },
      retry(['States.ALL'], MOST_ATTEMPTS - 1),
    ],
    End: true,
  };
}

function retry(errors: readonly string[], attempts: number): object {
  return {
    ErrorEquals: errors,
    IntervalSeconds: 5,
    BackoffRate: 2,
    MaxAttempts: attempts,
    MaxDelaySeconds: 120,
    JitterStrategy: 'FULL',
  };
}

/** What follows where another run is under way. @param state that waits. */
export function waiting(state: string): object[] {
  return [
    { Condition: jsonata(`${LEASE_HELD} and $waits >= ${MOST_WAITS}`), Next: 'GaveUpWaiting' },
    { Condition: jsonata(LEASE_HELD), Next: state },
  ];
}

/** @param next what is tried again. */
export function pause(next: string): object {
  return { Type: 'Wait', Seconds: PAUSE, Assign: { waits: jsonata('$waits + 1') }, Next: next };
}
