import { PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { lifecycleRulesHandler } from '#functions/lifecycle-rules/handler.ts';
import { manualHandler } from '#functions/manual/handler.ts';
import { surveyHandler } from '#functions/survey/handler.ts';
import { sweepHandler } from '#functions/sweep/handler.ts';
import { undoHandler } from '#functions/undo/handler.ts';
import { requireDocument } from '#test/cli/fits-document.ts';
import type { Ran } from '#test/cli/steward.ts';
import { AREA, type Deployed, MINUTE, NAMES, type useDeployments } from '#test/functions/deployed.ts';
import { BUCKET } from '#test/support/embedded-s3.ts';
import type { MovingStore } from '#test/support/moving-store.ts';
import { JOB, NOW, PlayedJob } from '#test/support/played-job.ts';
import { requestOf } from './aws-parameters.ts';
import { words } from './doc-commands.ts';

/** What answers `ask` on the pages: a deployment whose newest answers are those that the pages show. */

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
  /** `ask '{…}'`: the answer, and status 1 where it is an error. What it starts has ended before it comes back. */
  ask(command: string): Promise<Ran>;
  /** `aws lambda invoke` of the function that surveys. */
  survey(command: string): Promise<Ran>;
  /** The newest plan that an answer named. */
  plan(): string;
  /** The newest run of the last history. */
  run(): string;
}

/** Deployed at the first question. */
export function askedDeployment(deploy: ReturnType<typeof useDeployments>): AskedDeployment {
  let opened: Promise<Deployed> | undefined;
  const open = (): Promise<Deployed> => {
    opened ??= surveyedDeployment(deploy);
    return opened;
  };
  let plan = '';
  let run = '';
  return {
    ask: async (command) => {
      const deployed = await open();
      const answer = await manualHandler(JSON.parse(words(command)[1] ?? ''), deployed.runtime());
      requireDocument('manual', answer);
      await endStarted(deployed);
      plan = answer.action === 'plan' ? String(answer.plan) : plan;
      run = answer.action === 'history' ? newestOf(answer) : run;
      return { status: answer.error === undefined ? 0 : 1, out: JSON.stringify(answer), err: answer.error ?? '' };
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
  deployed.now = SURVEYED_AT;
  await surveyHandler({ by: 'schedule' }, deployed.runtime());
  deployed.now = ASKED_AT;
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

function newestOf({ runs }: Readonly<Record<string, unknown>>): string {
  const [newest]: readonly { readonly run?: string }[] = Array.isArray(runs) ? runs : [];
  return newest?.run ?? '';
}
