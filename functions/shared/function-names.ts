/** The Lambda functions. Each has a folder in `functions/`, a bundle in `dist/functions/`, and a role. */
export const FUNCTION_NAMES = [
  'checkpoint-completed',
  'survey',
  'collect',
  'sweep',
  'shards',
  'shard',
  'undo',
  'guard',
  'states',
  'lifecycle-rules',
  'manual',
  'on-deploy',
  'notify-slack',
] as const;
export type FunctionName = (typeof FUNCTION_NAMES)[number];
