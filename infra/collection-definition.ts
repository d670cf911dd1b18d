import { MOST_PARTS } from '#functions/shared/function-requests.ts';
import { IN_SHARDS, shardStates } from '#infra/shards-definition.ts';
import { ANSWER, invocation, jsonata, PAUSE, pause, SO_FAR, waiting } from '#infra/task-states.ts';

/**
 * The state machine of a collection, in Amazon States Language with JSONata. Its input is an order of `sweep`, or the event
 * of `collect`: then it plans first. It deletes nothing by itself, and decides nothing about objects: it waits while another
 * run is under way, continues a plan in parts, and says how the collection ended.
 */

const PLANLESS = '$states.input.plan = null';
const COMMENT = 'A collection of Flink Steward: plans, waits for other runs, sweeps in parts, and says how it ended.';
/** Seconds: more than planning, all waiting and all parts of a plan take together; less than a plan is valid. */
const EXECUTION_TIMEOUT = 72_000;

/** Retiring is never continued by itself; a plan is, unless its parts are used up. */
const GOT_NOWHERE = `($order.order = "retire" ? $states.input.retired = 0 : $part < ${MOST_PARTS - 1})`;
/** ARNs of the functions, which may be tokens. */
export interface CollectionFunctions {
  readonly collect: string;
  readonly sweep: string;
  /** The functions that run an area in shards; null where one function always runs it. */
  readonly inShards: { readonly shards: string; readonly shard: string } | null;
}

/**
 * @param partition of AWS, such as `aws-us-gov`; may be a token. Step Functions fails a state that names another one's.
 */
export function collectionDefinition(functions: CollectionFunctions, partition = 'aws'): object {
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
  const { inShards } = functions;
  // A run in shards makes no plan: in the mode "observe" it says only what could be deleted.
  const hasNoPlan = inShards === null ? PLANLESS : `${PLANLESS} and $states.input.deletable.objects = 0`;
  const inJsonata = { Comment: COMMENT, QueryLanguage: 'JSONata', TimeoutSeconds: EXECUTION_TIMEOUT, StartAt: 'Begin' };
  const states = {
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
        ...(inShards === null ? [] : [{ Condition: jsonata('$exists($states.input.shards)'), Next: IN_SHARDS }]),
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
        result: jsonata(`$states.input.result = "observed" and ${hasNoPlan} ? "nothing-to-do" : $states.input.result`),
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
  };
  return inShards === null
    ? { ...inJsonata, States: states }
    : mixed({ ...inJsonata, States: { ...states, ...shardStates(resource, { ...functions, ...inShards }) } });
}

function addedRun(): string {
  return jsonata(`$exists(${ANSWER}.run) ? [$runs, ${ANSWER}.run] : $runs`);
}

/** An answer about another run's lease has none of the numbers. */
function ifSwept(then: string, otherwise: string): string {
  return jsonata(`$exists(${ANSWER}.run) ? ${then} : ${otherwise}`);
}

/** The same machine with the language at each state: a machine in JSONata has no states in JSONPath. */
function mixed({ QueryLanguage, States, ...machine }: Machine): object {
  const named = Object.entries(States).map(([name, state]) => [name, { QueryLanguage, ...state }]);
  return { ...machine, States: Object.fromEntries(named) };
}

interface Machine {
  readonly QueryLanguage: string;
  readonly States: Readonly<Record<string, object>>;
}
