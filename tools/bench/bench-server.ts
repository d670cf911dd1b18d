import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface BenchServer {
  readonly url: string;
  readonly bucket: string;
  /** How many milliseconds each request takes longer from now on. */
  setLatency(milliseconds: number): Promise<void>;
  stop(): void;
}

export interface BenchBucket {
  readonly objects: number;
  /** Of those of a replica none is counted. */
  readonly jobs: number;
  /** Whether half of the objects are a copy of the other half. */
  readonly replica?: boolean;
}

/** Starts `serve.ts` in a process of its own, so that the bench measures the clients alone. */
export async function startBenchServer({ objects, jobs, replica = false }: BenchBucket): Promise<BenchServer> {
  const main = fileURLToPath(new URL('./serve.ts', import.meta.url));
  const shape = [String(objects), String(jobs), ...(replica ? ['replica'] : [])];
  const server = spawn(process.execPath, ['--import', 'tsx', main, ...shape], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
  const nextLine = async (): Promise<string> => {
    const { done, value } = await lines.next();
    if (done) throw new Error('The embedded S3 of the bench ended early.');
    return value;
  };
  const { url, bucket } = JSON.parse(await nextLine()) as { url: string; bucket: string };
  return {
    url,
    bucket,
    setLatency: async (milliseconds) => {
      server.stdin.write(`${milliseconds}\n`);
      await nextLine();
    },
    stop: () => void server.kill(),
  };
}
