import { PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { lifecycleRulesHandler } from '#functions/lifecycle-rules/handler.ts';
import { surveyHandler } from '#functions/survey/handler.ts';
import { sweepHandler } from '#functions/sweep/handler.ts';
import { undoHandler } from '#functions/undo/handler.ts';
import { answerBy } from '#test/cli/stack/asked.ts';
import type { FakeAws } from '#test/cli/stack/fake-aws.ts';
import { type Ran, runCaptured } from '#test/cli/steward.ts';
import { AREA, type Deployed, MINUTE, NAMES, type useDeployments } from '#test/functions/deployed.ts';
import { BUCKET } from '#test/support/embedded-s3.ts';
import type { MovingStore } from '#test/support/moving-store.ts';
import { JOB, NOW, PlayedJob } from '#test/support/played-job.ts';
import { requestOf } from './aws-parameters.ts';
import { words } from './doc-commands.ts';

/** What answers `steward --stack` on the pages: a deployment whose newest answers are those that the pages show. */

const HOUR = 60 * MINUTE;
/** When the pages ask for a plan; they show this in its name. */
const ASKED_AT = Date.UTC(2027, 2, 1, 9, 30);
const SURVEYED_AT = NOW - 12 * HOUR;
const RIPE = 17;
const STILL_YOUNG = 4;

const HANDLERS = {
  'the-undo': undoHandler,
  'the-rules': lifecycleRulesHandler,
} as const;

export interface AskedDeployment {
  /** `steward --stack …`. What it starts runs while the command looks. */
  steward(command: string, columns: number): Promise<Ran>;
  /** `aws lambda invoke` of the function that surveys. */
  survey(command: string): Promise<Ran>;
  /** The newest plan that an answer named. */
  plan(): string;
  /** The newest run of the last history. */
  run(): string;
}

/** Deployed at the first question. */
export function askedDeployment(deploy: ReturnType<typeof useDeployments>, aws: FakeAws): AskedDeployment {
  aws.stack = 'FlinkSteward';
  let opened: Promise<Deployed> | undefined;
  const open = (): Promise<Deployed> => {
    opened ??= surveyedDeployment(deploy);
    return opened;
  };
  let time = ASKED_AT;
  let plan = '';
  let run = '';
  return {
    steward: async (command, columns) => {
      const deployed = await open();
      answerBy(aws, deployed);
      const io = { cwd: '/', clock: Date.now, columns, sleep: async () => await endStarted(deployed) };
      const others = deployed.now;
      deployed.now = time;
      const ran = await runCaptured(words(command).slice(1), io);
      // Others on the page live by a clock of their own.
      time = deployed.now;
      deployed.now = others;
      plan = /steward apply (\S+)/.exec(ran.out)?.[1] ?? plan;
      run = /^(\S+) +apply /m.exec(ran.out)?.[1] ?? run;
      return ran;
    },
    survey: async (command) => {
      const { Payload } = requestOf(command).parameters;
      const answer = await surveyHandler(Payload, (await open()).runtime());
      return { status: 0, out: JSON.stringify(answer), err: '' };
    },
    plan: () => plan,
    run: () => run,
  };
}

async function surveyedDeployment(deploy: ReturnType<typeof useDeployments>): Promise<Deployed> {
  const deployed = await deploy({ area: [AREA], labels: [{ jobId: JOB, job: 'orders-cdc' }] }, playOrders);
  const VersioningConfiguration = { Status: 'Enabled' as const };
  await deployed.client.send(new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration }));
  const others = deployed.now;
  deployed.now = SURVEYED_AT;
  await surveyHandler({ by: 'schedule' }, deployed.runtime());
  deployed.now = others;
  return deployed;
}

/** One job, of whose garbage a part has come while its quarantine was not yet over. */
function playOrders(store: MovingStore): void {
  const job = new PlayedJob(store, undefined, `s3a://${BUCKET}`);
  const live = Array.from({ length: 60 }, (_, number) => job.upload(number + 1));
  for (let number = 101; number <= 100 + RIPE; number++) job.upload(number);
  for (let number = 201; number <= 200 + STILL_YOUNG; number++) job.upload(number, NOW - 22 * HOUR);
  job.complete(7, live, NOW - 20 * HOUR);
}

/** Starts a minute after it was asked for, and ends at once. */
async function endStarted(deployed: Deployed): Promise<void> {
  for (const { input } of deployed.executions.splice(0)) {
    deployed.now += MINUTE;
    await sweepHandler(input, deployed.runtime());
  }
  for (const { name, event } of deployed.started.splice(0)) {
    deployed.now += MINUTE;
    const handler = Object.entries(HANDLERS).find(([started]) => started === name)?.[1];
    if (handler === undefined)
      throw new Error(`Nothing is known of a function ${name}, but of ${Object.values(NAMES)}.`);
    await handler(event, deployed.runtime());
  }
}
