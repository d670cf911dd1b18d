import { MOST_PARTS } from '#functions/shared/function-requests.ts';

/**
 * The state machine of a collection, in Amazon States Language with JSONata. Its input is an order of `sweep`, or the event
 * of `collect`: then it plans first. It deletes nothing by itself, and decides nothing about objects: it waits while another
 * run is under way, continues a plan in parts, and says how the collection ended.
 */

/** Seconds between two attempts to get the lease. */
const PAUSE = 60;
/** Attempts, so about four hours: longer than a sweep in parts leaves the lease to nobody else, and than a dead run keeps it. */
const MOST_WAITS = 240;
/** Seconds: a minute more than Lambda lets a function run. */
const TASK_TIMEOUT = 960;
/** Seconds: more than planning, all waiting and all parts of a plan take together; less than a plan is valid. */
const EXECUTION_TIMEOUT = 72_000;

/** What Lambda itself may answer where the function is well: nothing is known to have run. */
const LAMBDA_ERRORS = [
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
];

const ANSWER = '$states.result.Payload';
const LEASE_HELD = '$states.input.result = "lease-held"';
/** Retiring is never continued by itself; a plan is, unless its parts are used up. */
const GOT_NOWHERE = `($order.order = "retire" ? $states.input.retired = 0 : $part < ${MOST_PARTS - 1})`;
/** What is done by now, for the cause of a failure, which has no output beside. */
const SO_FAR =
  '($count($runs) = 0 ? "" : " Runs of this collection: " & $join($runs, ", ") & "; they deleted " & $string($deletedObjects) & " objects.")';
const FAILURE =
  '($cause := $exists($states.errorOutput.Cause) ? $states.errorOutput.Cause : ""; $said := $substring($cause, 0, 1) = "{" ? $parse($cause).errorMessage : $cause; $exists($said) ? $said : $cause)';

/**
 * @param functions their ARNs, which may be tokens.
 * @param partition of AWS, such as `aws-us-gov`; may be a token. Step Functions fails a state that names another one's.
 */
export function collectionDefinition(
  functions: { readonly collect: string; readonly sweep: string },
  partition = 'aws',
): object {
  const resource = `arn:${partition}:states:::lambda:invoke`;
  const nothingYet = {
    runs: [],
    parts: 0,
    waits: 0,
    part: 0,
    deletedObjects: 0,
    deletedBytes: 0,
    retired: 0,
    order: {},
  };
  return {
    Comment: 'A collection of Flink Steward: plans, waits for other runs, sweeps in parts, and says how it ended.',
    QueryLanguage: 'JSONata',
    TimeoutSeconds: EXECUTION_TIMEOUT,
    StartAt: 'Begin',
    States: {
      Begin: {
        Type: 'Choice',
        Choices: [
          {
            Condition: jsonata('$exists($states.input.order)'),
            Assign: {
              ...nothingYet,
              order: jsonata('$states.input'),
              part: jsonata('$exists($states.input.part) ? $states.input.part : 0'),
            },
            Next: 'Sweep',
          },
        ],
        Assign: nothingYet,
        Default: 'Plan',
      },
      Plan: {
        ...invocation(resource, functions.collect, '$states.context.Execution.Input'),
        Assign: { runs: addedRun() },
        Next: 'AfterPlan',
      },
      AfterPlan: {
        Type: 'Choice',
        Choices: [
          ...waiting('WaitToPlan'),
          {
            Condition: jsonata('$exists($states.input.sweep.order)'),
            Assign: { order: jsonata('$states.input.sweep') },
            Next: 'Sweep',
          },
        ],
        Default: 'Conclude',
      },
      WaitToPlan: pause('Plan'),
      Sweep: {
        ...invocation(resource, functions.sweep, '$part > 0 ? $merge([$order, {"part": $part}]) : $order'),
        Assign: {
          runs: addedRun(),
          parts: ifSwept('$parts + 1', '$parts'),
          deletedObjects: ifSwept(`$deletedObjects + ${ANSWER}.deleted.objects`, '$deletedObjects'),
          deletedBytes: ifSwept(`$deletedBytes + ${ANSWER}.deleted.bytes`, '$deletedBytes'),
          retired: ifSwept(`$retired + ${ANSWER}.retired`, '$retired'),
        },
        Next: 'AfterSweep',
      },
      AfterSweep: {
        Type: 'Choice',
        Choices: [
          ...waiting('WaitToSweep'),
          {
            Condition: jsonata('$type($states.input.nextPart) = "number"'),
            Assign: { part: jsonata('$states.input.nextPart') },
            Next: 'Sweep',
          },
          {
            Condition: jsonata(`$states.input.unfinished = true and ${GOT_NOWHERE}`),
            Output: {
              error: 'NoProgress',
              cause: jsonata(`$states.input.notes[0] & ${SO_FAR}`),
            },
            Next: 'Failed',
          },
        ],
        Default: 'Conclude',
      },
      WaitToSweep: pause('Sweep'),
      Conclude: {
        Type: 'Pass',
        Output: {
          result: jsonata(
            '$states.input.result = "observed" and $states.input.plan = null ? "nothing-to-do" : $states.input.result',
          ),
          why: jsonata('$states.input.unfinished = true ? $states.input.notes[0] : $states.input.why'),
          unfinished: jsonata('$states.input.unfinished = true'),
          plan: jsonata('$exists($order.plan) ? $order.plan : $exists($states.input.plan) ? $states.input.plan : null'),
          runs: jsonata('$runs'),
          parts: jsonata('$parts'),
          deleted: { objects: jsonata('$deletedObjects'), bytes: jsonata('$deletedBytes') },
          retired: jsonata('$retired'),
          minutesWaited: jsonata('$waits'),
          next: jsonata('$exists($states.input.next) ? $states.input.next : null'),
        },
        Next: 'HowItEnded',
      },
      HowItEnded: {
        Type: 'Choice',
        Choices: [
          { Condition: jsonata('$states.input.unfinished'), Next: 'Unfinished' },
          { Condition: jsonata('$states.input.result = "observed"'), Next: 'OnlyPlanned' },
          { Condition: jsonata('$states.input.result = "stopped"'), Next: 'Stopped' },
          { Condition: jsonata('$states.input.result = "undecidable"'), Next: 'Undecidable' },
        ],
        Default: 'Done',
      },
      Done: {
        Type: 'Succeed',
        Comment: 'Everything of the plan that was still garbage is deleted, or there was nothing.',
      },
      OnlyPlanned: {
        Type: 'Succeed',
        Comment:
          'The mode is "observe": the output has the command that executes the plan, or says that it came meanwhile.',
      },
      Unfinished: {
        Type: 'Succeed',
        Comment: 'The most parts were used up, or the time for retiring: the output says what has the rest.',
      },
      Stopped: {
        Type: 'Succeed',
        Comment: 'A breaker, a pause, a lost lease or refusals of the store: the output says why.',
      },
      Undecidable: { Type: 'Succeed', Comment: 'Nothing may be deleted: the output says why.' },
      GaveUpWaiting: {
        Type: 'Fail',
        Comment: 'Another run kept the lease all the time.',
        Error: 'LeaseHeld',
        Cause: jsonata(
          `"Gave up after waiting for " & $string($waits * ${PAUSE / 60}) & " minutes. " & $states.input.why & ${SO_FAR}`,
        ),
      },
      Failed: {
        Type: 'Fail',
        Comment: 'A function failed, or got nowhere.',
        Error: jsonata('$states.input.error'),
        Cause: jsonata('$states.input.cause'),
      },
    },
  };
}

function jsonata(expression: string): string {
  return `{% ${expression} %}`;
}

/** A function whose answer is the output. */
function invocation(resource: string, functionArn: string, payload: string): object {
  return {
    Type: 'Task',
    Resource: resource,
    Arguments: { FunctionName: functionArn, Payload: jsonata(payload) },
    Output: jsonata(ANSWER),
    TimeoutSeconds: TASK_TIMEOUT,
    Retry: [
      {
        ErrorEquals: LAMBDA_ERRORS,
        IntervalSeconds: 5,
        BackoffRate: 2,
        MaxAttempts: 7,
        MaxDelaySeconds: 120,
        JitterStrategy: 'FULL',
      },
    ],
    Catch: [
      {
        ErrorEquals: ['States.ALL'],
        Output: { error: jsonata('$states.errorOutput.Error'), cause: jsonata(`${FAILURE} & ${SO_FAR}`) },
        Next: 'Failed',
      },
    ],
  };
}

function addedRun(): string {
  return jsonata(`$exists(${ANSWER}.run) ? [$runs, ${ANSWER}.run] : $runs`);
}

/** An answer about another run's lease has none of the numbers. */
function ifSwept(then: string, otherwise: string): string {
  return jsonata(`$exists(${ANSWER}.run) ? ${then} : ${otherwise}`);
}

/** What follows where another run is under way. */
function waiting(state: string): object[] {
  return [
    { Condition: jsonata(`${LEASE_HELD} and $waits >= ${MOST_WAITS}`), Next: 'GaveUpWaiting' },
    { Condition: jsonata(LEASE_HELD), Next: state },
  ];
}

function pause(next: string): object {
  return { Type: 'Wait', Seconds: PAUSE, Assign: { waits: jsonata('$waits + 1') }, Next: next };
}
