import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

/**
 * Lists a generated bucket of the embedded S3 with the steward's lister, with the SDK's paginator, and with s5cmd and
 * rclone where they are on the PATH: each in a process of its own, its start included, the server in another one.
 *
 * usage: tsx bench/listing.ts [OBJECTS [JOBS]]
 */

const [objects = '200000', jobs = '20'] = process.argv.slice(2);
const LATENCIES = [0, 60];
/** A certificate bundle would keep rclone from starting, and none is needed here. */
const SURROUNDINGS = {
  AWS_CA_BUNDLE: '',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
  AWS_REGION: 'us-east-1',
};

interface Lister {
  readonly name: string;
  readonly command: (url: string, bucket: string) => readonly string[];
  /** Of what it prints: the number itself, or a line for each object. */
  readonly count: (output: string) => number;
}

interface Server {
  readonly process: ChildProcess;
  readonly url: string;
  readonly bucket: string;
}

const listers = [...ownListers(), ...otherListers()];
for (const latency of LATENCIES) {
  const server = await startServer(latency);
  try {
    console.log(`\n${objects} objects of ${jobs} jobs, ${latency} ms a request:`);
    console.table(measureAll(listers, server));
  } finally {
    server.process.kill();
  }
}

function ownListers(): readonly Lister[] {
  const script = fileURLToPath(new URL('../dist/bench/list-once.mjs', import.meta.url));
  buildSync({
    entryPoints: [fileURLToPath(new URL('./list-once.ts', import.meta.url))],
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    banner: {
      js: "import { createRequire as createRequireOfTheBench } from 'node:module'; const require = createRequireOfTheBench(import.meta.url);",
    },
    logLevel: 'error',
  });
  const lister = (name: string, how: string): Lister => ({
    name,
    command: (url, bucket) => [process.execPath, '--no-warnings', script, how, url, bucket],
    count: Number,
  });
  return [lister('steward', 'steward'), lister('SDK paginator', 'paginator')];
}

function otherListers(): readonly Lister[] {
  const lines = (output: string): number => output.split('\n').length - 1;
  const all: readonly Lister[] = [
    {
      name: 's5cmd',
      command: (url, bucket) => ['s5cmd', '--endpoint-url', url, 'ls', `s3://${bucket}/*`],
      count: lines,
    },
    {
      name: 'rclone',
      command: (url, bucket) => [
        'rclone',
        'lsf',
        '--recursive',
        '--fast-list',
        '--files-only',
        `:s3,provider=Other,env_auth=true,endpoint='${url}':${bucket}`,
      ],
      count: lines,
    },
  ];
  return all.filter(({ name }) => spawnSync(name, ['--version']).error === undefined);
}

function measureAll(listers: readonly Lister[], { url, bucket }: Server): Record<string, unknown>[] {
  const results = listers.map(({ name, command, count }) => ({ name, ...measure(command(url, bucket), count) }));
  const [own] = results;
  return results.map(({ name, wall, cpu }) => ({
    lister: name,
    'wall, s': wall,
    'CPU, s': cpu,
    'keys per CPU s': Math.round(Number(objects) / cpu),
    'wall of steward ×': Number((wall / (own?.wall ?? wall)).toFixed(1)),
    'CPU of steward ×': Number((cpu / (own?.cpu ?? cpu)).toFixed(1)),
  }));
}

/** Seconds of one process, by the shell: Node does not tell what a child has used. */
function measure(command: readonly string[], count: (output: string) => number): { wall: number; cpu: number } {
  const { stdout, stderr, status } = spawnSync('bash', ['-c', 'TIMEFORMAT="%R %U %S"; time "$@"', 'bash', ...command], {
    encoding: 'utf8',
    env: { ...process.env, ...SURROUNDINGS },
    maxBuffer: 2 ** 30,
  });
  const listed = count(stdout);
  if (status !== 0 || listed !== Number(objects)) {
    throw new Error(`${command[0]} ended with ${status} after ${listed} of ${objects} objects:\n${stderr}`);
  }
  const [wall = Number.NaN, user = Number.NaN, system = Number.NaN] = (stderr.trim().split('\n').at(-1) ?? '')
    .split(' ')
    .map(Number);
  return { wall, cpu: Number((user + system).toFixed(3)) };
}

async function startServer(latency: number): Promise<Server> {
  const main = fileURLToPath(new URL('../embedded-s3/main.ts', import.meta.url));
  const options = ['--generate', objects, '--jobs', jobs, '--latency', String(latency)];
  const server = spawn(process.execPath, ['--import', 'tsx', main, ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: server.stdout })) {
    const { url, bucket } = JSON.parse(line) as { url: string; bucket: string };
    return { process: server, url, bucket };
  }
  throw new Error('The embedded S3 ended before it began.');
}
