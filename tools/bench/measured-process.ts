import { spawnSync } from 'node:child_process';

/** What a process of its own took, its start included. */
export interface Measured {
  /** Seconds. */
  readonly wall: number;
  /** Seconds, of the user and of the system. */
  readonly cpu: number;
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Tells the peak at the end, in KiB, on a line of its own. */
export const PEAK = "data:text/javascript,process.on('exit',()=>console.error('peak',process.resourceUsage().maxRSS))";

/** A certificate bundle would keep rclone from starting, and none is needed here. */
export const SURROUNDINGS = {
  AWS_CA_BUNDLE: '',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_ACCESS_KEY_ID: 'bench',
  AWS_SECRET_ACCESS_KEY: 'bench',
  AWS_REGION: 'us-east-1',
};
const TIMES = /(?:^|\n)([\d.]+) ([\d.]+) ([\d.]+)\s*$/;

/** Measures by the shell: Node does not tell what a child has used. */
export function measureProcess(command: readonly string[], cwd?: string): Measured {
  const { stdout, stderr, status } = spawnSync('bash', ['-c', 'TIMEFORMAT="%R %U %S"; time "$@"', 'bash', ...command], {
    encoding: 'utf8',
    env: { ...process.env, ...SURROUNDINGS },
    maxBuffer: 2 ** 30,
    ...(cwd === undefined ? {} : { cwd }),
  });
  const [, wall, user, system] = TIMES.exec(stderr)?.map(Number) ?? [];
  if (wall === undefined || user === undefined || system === undefined) {
    throw new Error(`${command[0]} could not be measured: ${stderr.slice(-2_000)}`);
  }
  return { wall, cpu: user + system, status, stdout, stderr: stderr.replace(TIMES, '') };
}
