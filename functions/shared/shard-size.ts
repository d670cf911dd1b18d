import { ENV, type Environment } from './environment.ts';

/** So many are listed, judged and swept by a function well within its time and memory. */
const OBJECTS_OF_SHARD = 1_000_000;

/** How many objects a shard has. */
export function objectsOfShard(environment: Environment): number {
  return Number(environment[ENV.shardObjects]) || OBJECTS_OF_SHARD;
}
