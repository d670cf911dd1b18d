import { ANSWER, invocation, item, jsonata, pause, waiting } from '#infra/task-states.ts';

/**
 * The states that run an area in shards: `shards` says which phase is next, a Distributed Map runs its items, and so on until
 * `shards` answers how the run ended. The end of a Map is the barrier between two phases. Payloads are names: what an item
 * needs, and what it finds, is in files of the ledger.
 */

/** ARNs of the functions, which may be tokens. */
export interface ShardFunctions {
  /** Says what is next, and does what is done in one place. */
  readonly shards: string;
  /** Does an item of a phase. */
  readonly shard: string;
  /** Does an item of the phase that deletes. */
  readonly sweep: string;
}

/** The state that runs an area in shards. Its input is an answer of `collect`. */
export const IN_SHARDS = 'NextPhase';

/** What `shards` is told: to begin, or how a phase ended. */
const ORDER =
  '($state := $states.input; $exists($state.failure) ? {"run": $state.run, "failed": $state.phase, "why": $string($state.failure.Cause)} : $exists($state.phase) ? {"run": $state.run, "ended": $state.phase} : $state.shards)';

/** @param resource by which a state invokes a function. */
export function shardStates(resource: string, functions: ShardFunctions): Readonly<Record<string, object>> {
  return {
    [IN_SHARDS]: {
      ...invocation(resource, functions.shards, ORDER),
      Assign: {
        runs: atItsEnd(`[$runs, ${ANSWER}.run]`, '$runs'),
        deletedObjects: atItsEnd(`$deletedObjects + ${ANSWER}.deleted.objects`, '$deletedObjects'),
        deletedBytes: atItsEnd(`$deletedBytes + ${ANSWER}.deleted.bytes`, '$deletedBytes'),
        retired: atItsEnd(`$retired + ${ANSWER}.retired`, '$retired'),
      },
      Next: 'AfterPhase',
    },
    AfterPhase: {
      Type: 'Choice',
      Choices: [
        ...waiting('WaitToBegin'),
        { Condition: jsonata('$exists($states.input.items) and $states.input.deletes'), Next: 'SweepItems' },
        { Condition: jsonata('$exists($states.input.items)'), Next: 'Items' },
      ],
      Default: 'Conclude',
    },
    WaitToBegin: pause('Plan'),
    Items: items(resource, functions.shard),
    SweepItems: items(resource, functions.sweep),
  };
}

/** In JSONPath, since MiniStack knows no JSONata in a Distributed Map. Without a tolerated number one failed item fails it. */
function items(resource: string, functionArn: string): object {
  return {
    Type: 'Map',
    QueryLanguage: 'JSONPath',
    MaxConcurrencyPath: '$.atOnce',
    ItemReader: {
      Resource: resource.replace(/lambda:invoke$/, 's3:getObject'),
      ReaderConfig: { InputType: 'JSON' },
      Parameters: { 'Bucket.$': '$.items.bucket', 'Key.$': '$.items.key' },
    },
    ItemSelector: { 'run.$': '$.run', 'phase.$': '$.phase', 'item.$': '$$.Map.Item.Value' },
    ItemProcessor: {
      // Express workflows end after five minutes.
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
      StartAt: 'Item',
      States: { Item: { QueryLanguage: 'JSONata', ...item(resource, functionArn) } },
    },
    ResultPath: null,
    Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: IN_SHARDS }],
    Next: IN_SHARDS,
  };
}

/** Until its end `shards` answers with none of the numbers. */
function atItsEnd(then: string, otherwise: string): string {
  return jsonata(`$exists(${ANSWER}.deleted) ? ${then} : ${otherwise}`);
}
