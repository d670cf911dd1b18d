import { dirname } from 'node:path';
import { manualHandler } from '#functions/manual/handler.ts';
import { ENV } from '#functions/shared/environment.ts';
import { type Ran, runCaptured } from '#test/cli/steward.ts';
import { type Deployed, LEDGER } from '#test/functions/deployed.ts';
import { type FakeAws, STACK } from './fake-aws.ts';

/** The same question by both ways: to the deployment, and on this machine with the deployment's configuration. */

export interface BothWays {
  readonly local: Ran;
  readonly remote: Ran;
}

/** The function is the real one, on the deployment's area and ledger. */
export function answerBy(aws: FakeAws, deployed: Deployed): void {
  aws.answer = async (event) => await manualHandler(event, deployed.runtime());
}

export async function onStack(
  deployed: Deployed,
  words: readonly string[],
  io: Partial<Parameters<typeof runCaptured>[1]> = {},
): Promise<Ran> {
  return await runCaptured(['--stack', STACK, ...words], ioOf(deployed, io));
}

export async function onThisMachine(deployed: Deployed, words: readonly string[]): Promise<Ran> {
  const options = ['--ledger', `s3://${LEDGER}`, '--endpoint', deployed.s3.url, '--region', 'us-east-1'];
  return await runCaptured([...words, ...options, '--path-style'], ioOf(deployed, {}));
}

export async function bothWays(deployed: Deployed, words: readonly string[]): Promise<BothWays> {
  const local = await onThisMachine(deployed, words);
  const remote = await onStack(deployed, words);
  return { local, remote };
}

/** What both print must be the same but for where the next command leads, and the names that runs have by chance. */
export function comparable({ status, out, err }: Ran): Ran {
  const plain = (text: string): string =>
    text
      .replaceAll(/ --stack TheStack| --ledger \S+| --endpoint(?:-url)? \S+| --region \S+| --path-style/g, '')
      .replaceAll(/\b\d{8}T\d{9}Z-\w+/g, 'RUN')
      // A deployment may list the rest of a bucket itself, so it need not say when that was done.
      .replaceAll(/^Note: The rest of .* was last listed on .*\n/gm, '')
      .replaceAll(/\[\s+"The rest of .* was last listed on .*"\s+\]/g, '[]');
  return { status, out: plain(out), err: plain(err) };
}

/** Where its `steward.json` is. */
export function folderOf({ environment }: Deployed): string {
  return dirname(environment[ENV.config] ?? '/');
}

function ioOf(deployed: Deployed, io: Partial<Parameters<typeof runCaptured>[1]>) {
  return { cwd: folderOf(deployed), clock: () => deployed.now, columns: 100, ...io };
}
