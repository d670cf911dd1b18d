import { useEmbeddedS3 } from '#test/support/embedded-s3.ts';
import { NOW } from '#test/support/played-job.ts';
import { serveJob } from '#test/support/served-job.ts';
import type { EmbeddedS3 } from '#tools/embedded-s3/embedded-s3.ts';
import { useCredentials } from './rules-bucket.ts';
import { documentOf, type Ran, runCaptured } from './steward.ts';

export const STATE = 'state';
export const LOCATION = `s3://${STATE}/flink`;
export const LEDGER = 's3://ledger/one';

/** One row of `steward doctor --json`. */
export interface Row {
  readonly check: string;
  readonly location: string | null;
  readonly state: string;
  readonly found: string;
  readonly advice: string | null;
  readonly command: string | null;
  readonly grant: readonly object[];
}

export interface Doctored {
  readonly s3: EmbeddedS3;
  /** Runs a command on the job's prefix, with {@link LEDGER} unless another one is given. */
  run(command: string, ...options: readonly string[]): Promise<Ran>;
  /** Runs the doctor in a terminal of that width. */
  print(columns: number): Promise<Ran>;
  /** What the doctor says, and its status. */
  doctor(...options: readonly string[]): Promise<{ readonly status: number; readonly rows: readonly Row[] }>;
  /** How far the clock of this machine is from {@link NOW} by now, in milliseconds. */
  later: number;
}

/** Buckets with a job and for a ledger, and credentials. Call it once, outside the tests. */
export function useDoctor(): (cwd?: string) => Promise<Doctored> {
  const serve = useEmbeddedS3();
  useCredentials();
  return async (cwd = '/') => {
    const { s3 } = await serve({ buckets: [STATE, 'ledger'] });
    serveJob(s3, STATE);
    const type = async (columns: number, command: string, ...options: readonly string[]): Promise<Ran> => {
      const ledger = options.includes('--ledger') ? [] : ['--ledger', LEDGER];
      const reach = ['--endpoint', s3.url, '--region', 'us-east-1', '--path-style'];
      const io = { cwd, clock: () => NOW + doctored.later, columns, errorColumns: undefined };
      return await runCaptured([command, LOCATION, ...reach, ...ledger, ...options], io);
    };
    const doctored: Doctored = {
      s3,
      later: 0,
      run: async (command, ...options) => await type(100, command, ...options),
      print: async (columns) => await type(columns, 'doctor'),
      async doctor(...options) {
        const ran = await doctored.run('doctor', '--json', ...options);
        return { status: ran.status, rows: rowsOf(ran) };
      },
    };
    return doctored;
  };
}

export function rowsOf(ran: Ran): readonly Row[] {
  const { checks } = documentOf(ran);
  if (!Array.isArray(checks)) throw new Error(`There are no checks: ${ran.out} ${ran.err}`);
  return checks;
}

/** The rows of one check. */
export function of(check: string, rows: readonly Row[]): readonly Row[] {
  return rows.filter((row) => row.check === check);
}

/** What is not as it should be: each check with its state. */
export function troubles(rows: readonly Row[]): readonly string[] {
  return rows.filter(({ state }) => state !== 'ok').map(({ check, state }) => `${check}: ${state}`);
}
