/**
 * What names tell of what a bucket or a prefix holds. People name such things in words of their trade, and a word is
 * only ever a hint: whatever is judged by it is said to be guessed.
 */

/** Engines and trades that have checkpoints of their own kind. */
const OTHER_ENGINES: ReadonlySet<string> = new Set([
  ...['spark', 'pyspark', 'databricks', 'delta', 'glue', 'emr', 'hudi', 'kinesis', 'beam', 'dataflow'],
  ...['sagemaker', 'ml', 'mlflow', 'model', 'models', 'train', 'training', 'torch', 'pytorch', 'tensorflow', 'llm'],
  ...[
    'gpu',
    'nemo',
    'ai',
    'agent',
    'agents',
    'langgraph',
    'inference',
    'spot',
    'proof',
    'proofs',
    'dvc',
    'wandb',
    'lora',
    'diffusion',
    'weights',
    'postgres',
    'wal',
    'etcd',
    'firewall',
    'vpn',
  ],
]);

/** What lies beside state even in buckets that are for state, and may go by age. */
const ASIDE: ReadonlySet<string> = new Set([
  ...['log', 'logs', 'logging', 'accesslogs', 'audit', 'metrics', 'tmp', 'temp', 'temporary', 'scratch', 'cache'],
  ...['jar', 'jars', 'artifact', 'artifacts', 'artefact', 'artefacts', 'asset', 'assets', 'code', 'lib', 'libs'],
  ...['plugin', 'plugins', 'udf', 'udfs', 'script', 'scripts', 'config', 'configs', 'secret', 'secrets', 'dlq'],
]);

/** What buckets hold that are for something else. In a bucket of state such a word may be the name of a job. */
const OTHER_CONTENT: ReadonlySet<string> = new Set([
  ...['history', 'completed', 'archive', 'archived', 'build', 'builds', 'release', 'releases', 'deploy', 'deployment'],
  ...['image', 'images', 'terraform', 'tfstate', 'tf', 'upload', 'uploads', 'download', 'downloads', 'export'],
  ...['input', 'inputs', 'output', 'outputs', 'source', 'sources', 'sink', 'sinks', 'result', 'results', 'errors'],
  ...['raw', 'bronze', 'silver', 'gold', 'landing', 'ingest', 'ingestion', 'events', 'dead', 'failed'],
  ...['lake', 'lakehouse', 'datalake', 'warehouse', 'iceberg', 'paimon', 'parquet', 'tables', 'table', 'catalog'],
  ...['athena', 'query', 'queries', 'report', 'reports', 'website', 'web', 'backup', 'backups', 'ledger'],
]);

/** What else a bucket may be called that holds the programs of Flink, and not what they know. */
const PROGRAMS: ReadonlySet<string> = new Set(['app', 'apps', 'application', 'applications', 'lambda', 'functions']);

/** Of a Flink cluster, the words for what it restores from. */
const STATE_WORDS: ReadonlySet<string> = new Set(['state', 'states', 'rocksdb', 'forst', 'recovery', 'ha']);

/** Names that people give to the only one of its kind. */
const NAMELESS: ReadonlySet<string> = new Set([
  ...['this', 'main', 'default', 'bucket', 's3', 'self', 'b', 'my', 'aws', 'module', 'storage', 'lifecycle', 'rule'],
  ...['configuration', 'config', 'rules', 'resource', 'it', 'a', 'the', 'dev', 'prod', 'stage', 'production'],
]);

/** Where something is, at the ends of names of buckets. */
const LOCATIONS: ReadonlySet<string> = new Set([
  ...['us', 'eu', 'ap', 'sa', 'ca', 'me', 'af', 'il', 'cn', 'gov', 'east', 'west', 'north', 'south', 'central'],
  ...['northeast', 'northwest', 'southeast', 'southwest', 'test', 'staging', 'qa', 'sandbox', 'buckets'],
]);

/** The words of a name in lower case: at hyphens, dots, slashes and humps. */
export function wordsOf(name: string): readonly string[] {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

/** Whether a name says Flink. */
export function saysFlink(name: string): boolean {
  return /flink/i.test(name);
}

/** Whether a name says savepoints, or what Flink recovers from; those words mean the same to nobody else. */
function saysSavepoint(name: string): boolean {
  return /save-?_?points?/i.test(name) || (saysFlink(name) && wordsOf(name).some((word) => STATE_WORDS.has(word)));
}

/** Whether a name says checkpoints. */
function saysCheckpoint(name: string): boolean {
  return /check-?_?points?|chkpts?|ckpts?/i.test(name);
}

/** Whether a text says whose the checkpoints around it are. */
export function saysFlinkOrSavepoint(text: string): boolean {
  return saysFlink(text) || /save-?_?points?/i.test(text);
}

/** Whether a name says another engine, of which a checkpoint is something else. */
export function saysOtherEngine(name: string): boolean {
  return !saysFlink(name) && wordsOf(name).some((word) => OTHER_ENGINES.has(word));
}

/** Whether a name says something that may go by age wherever it lies. */
export function saysAside(name: string): boolean {
  return wordsOf(name).some((word) => ASIDE.has(word));
}

/** Whether the name of a bucket ends by saying so, as `flink-logs-eu-west-1` does and `flink-audit-log-enricher` does not. */
export function endsAside(name: string): boolean {
  if (/terraform|tfstate/i.test(name)) return true;
  const last = wordsOf(name).findLast((word) => !NAMELESS.has(word) && !LOCATIONS.has(word) && !/^\d+$/.test(word));
  return last !== undefined && ASIDE.has(last);
}

/** Whether a name says something that Flink does not restore from. */
export function saysOtherContent(name: string): boolean {
  return saysAside(name) || wordsOf(name).some((word) => OTHER_CONTENT.has(word));
}

/** Whether the name of a bucket says that programs of Flink lie in it. */
export function saysPrograms(name: string): boolean {
  return wordsOf(name).some((word) => PROGRAMS.has(word));
}

/** Whether a name says nothing. */
export function saysNothing(name: string): boolean {
  return wordsOf(name).every((word) => NAMELESS.has(word) || /^\d+$/.test(word));
}

/**
 * Whether a name says state that Flink restores from.
 *
 * @param isFlinks whether something around it says Flink or savepoints, so that its checkpoints may be Flink's.
 */
export function saysState(name: string, isFlinks: boolean): boolean {
  if (/terraform|tfstate/i.test(name)) return false;
  if (saysSavepoint(name)) return true;
  return saysCheckpoint(name) && !saysOtherEngine(name) && (isFlinks || saysFlink(name));
}
