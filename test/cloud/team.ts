import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, beforeEach, inject } from 'vitest';
import { type Anything, Aws } from './aws.ts';
import { Buckets } from './buckets.ts';
import { Checkout, type Deployment, type Outputs, type Said } from './deployment.ts';
import { eventually } from './eventually.ts';
import { STACK, Stack } from './stack.ts';

/** A team with an account, a checkout of the application, and its buckets. */
export interface Team {
  readonly aws: Aws;
  readonly buckets: Buckets;
  readonly stack: Stack;
  /** What a process needs to be a client of this AWS, such as the command line of the steward. */
  readonly environment: Readonly<Record<string, string>>;
  /** Of the newest deployment. */
  readonly outputs: Outputs;
  /** Synthesises and deploys with this `steward.json`, or in another way with what that takes. */
  deploy(configuration: Configuration): Promise<Outputs>;
  destroy(): Promise<void>;
  /** Invokes the function `manual`, as `aws lambda invoke` does. */
  manual(event: object): Promise<Anything>;
  /** Invokes a function by the beginning of its logical id, such as `StewardSurvey`. */
  invoke(id: string, event: object): Promise<Anything>;
  /** Runs the command `steward` in the folder of the checkout, where `steward.json` is. */
  steward(...args: readonly string[]): Promise<Said>;
  /** All runs in the ledger, oldest first. */
  runs(): Promise<readonly Run[]>;
  /** Waits for a run that has ended. @returns the oldest. */
  ended(command: string, isMeant?: (run: Run) => boolean): Promise<Run>;
}

/** What stands in `steward.json`. */
export type Configuration = Readonly<Record<string, unknown>> & { readonly deploy?: object };

export interface Run {
  readonly run: string;
  readonly command: string;
  readonly result: string;
  readonly deleted: { readonly objects: number };
  readonly retired: number;
}

/** What a way to deploy has to work with. */
export interface Means extends Pick<Team, 'aws' | 'buckets' | 'environment'> {
  readonly folder: string;
  readonly stackName: string;
}

interface TeamOptions {
  /** Whether its tests stand each for itself. @default false */
  readonly goesOnAnyway?: boolean;
  /** How it deploys. @default - by the CDK, from a checkout */
  readonly by?: (means: Means) => Deployment;
}

/**
 * Call it once, outside the tests of a story. At its end nothing of the team's stack is left.
 *
 * @param name of the folder of its checkout.
 */
export function useTeam(
  name: string,
  stackName: string = STACK,
  { goesOnAnyway = false, by = byCdk }: TeamOptions = {},
): Team {
  const environment = inject('environment');
  Object.assign(process.env, environment);
  const endpoint = environment.AWS_ENDPOINT_URL ?? '';
  const lambda = new LambdaClient({ endpoint });
  const aws = new Aws(environment);
  const buckets = new Buckets(new S3Client({ endpoint, forcePathStyle: true }));
  const stack = new Stack(aws, buckets, stackName);
  let deployment: Deployment;
  let outputs: Outputs | null = null;
  let isBroken = false;

  beforeAll(() => {
    deployment = by({ aws, buckets, environment, folder: `${inject('cloud')}/${name}`, stackName });
  });
  // A story goes on where its test before has left the deployment.
  beforeEach(({ skip }) => skip(isBroken, 'the story broke off before'));
  afterEach(({ task }) => {
    isBroken ||= !goesOnAnyway && task.result?.state === 'fail';
  });
  afterAll(async () => {
    if (outputs !== null) await deployment.destroy();
    aws.end();
  });

  const invoke = async (FunctionName: string, event: object): Promise<Anything> => {
    const Payload = Buffer.from(JSON.stringify(event));
    const answer = await lambda.send(new InvokeCommand({ FunctionName, Payload }));
    const document = JSON.parse(Buffer.from(answer.Payload ?? []).toString() || 'null');
    if (answer.FunctionError === undefined) return document;
    throw new Error(`${FunctionName}: ${document.errorType}: ${document.errorMessage}`);
  };
  const team: Team = {
    aws,
    buckets,
    stack,
    environment,
    get outputs() {
      return outputs ?? {};
    },
    deploy: async (configuration) => {
      outputs = await deployment.deploy(configuration);
      return outputs;
    },
    destroy: async () => {
      outputs = null;
      await deployment.destroy();
    },
    manual: async (event) => await invoke(team.outputs.ManualFunctionName ?? '', event),
    invoke: async (id, event) => await invoke(await stack.nameOf('AWS::Lambda::Function', `${id}Function`), event),
    steward: async (...args) => await deployment.steward(args),
    runs: async () => {
      const { runs = [] } = await team.manual({ action: 'history', limit: 100 });
      return [...runs].reverse();
    },
    ended: async (command, isMeant = () => true) => {
      const find = async () => (await team.runs()).find((run) => run.command === command && isMeant(run));
      const run = await eventually(find, (found) => found !== undefined);
      if (run === undefined) throw new Error('It was found.');
      return run;
    },
  };
  return team;
}

function byCdk({ folder, environment, stackName }: Means): Deployment {
  const checkout = new Checkout(folder, environment);
  const named = stackName === STACK ? {} : { stackName };
  return {
    deploy: async ({ deploy = {}, ...configuration }) =>
      await checkout.deploy({ ...configuration, deploy: { ...(deploy as object), ...named } }),
    destroy: async () => await checkout.destroy(),
    steward: async (args) => await checkout.steward(args),
  };
}
