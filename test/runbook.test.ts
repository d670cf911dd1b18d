import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { ALARMS, RUNBOOK } from '#core/signals/alarms.ts';
import { scheduleEventSchema } from '#functions/shared/schedule-event.ts';
import { surveyHandler } from '#functions/survey/handler.ts';
import { FlinkStewardStack } from '#infra/flink-steward-stack.ts';
import { answerBy } from '#test/cli/stack/asked.ts';
import { STACK as STACK_NAME, useFakeAws } from '#test/cli/stack/fake-aws.ts';
import { bucketFiles, runCaptured, steward } from '#test/cli/steward.ts';
import { blockLines, words } from '#test/docs/doc-commands.ts';
import { AREA, useDeployments } from '#test/functions/deployed.ts';
import { bundles, useSynthesis } from '#test/infra/synthesise.ts';
import { JOB, PlayedJob } from '#test/support/played-job.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import cdkJson from '../cdk.json' with { type: 'json' };

const makeDirectory = useTempDirectories();
const deploy = useDeployments();
const aws = useFakeAws();
useSynthesis();

const SLACK = { signals: { slack: { secretName: 'my-webhook' } } };
const PAGE = readFileSync(new URL(`../${RUNBOOK}`, import.meta.url), 'utf8');
/** By heading. */
const SECTIONS = new Map(
  PAGE.split(/^## /m)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf('\n')), section] as const),
);
const LINES = blockLines(PAGE);

/** A bucket of one job, with a root that can be declared dead. */
async function area(): Promise<string> {
  const files = bucketFiles((store) => {
    const job = new PlayedJob(store);
    job.complete(7, [job.upload(1)]);
  });
  const bucket = Object.fromEntries(Object.entries(files).map(([path, content]) => [`bucket/${path}`, content]));
  return await makeDirectory({ ...bucket, 'steward.json': JSON.stringify({ area: ['./bucket'] }) });
}

describe('The runbook', () => {
  it('has a section for each alarm, in their order, and no others', () => {
    expect([...SECTIONS.keys()]).toEqual(ALARMS.map(({ runbook }) => runbook));
  });

  it.each(ALARMS.map(({ id, title, runbook }) => [id, title, runbook] as const))(
    'says what it means, what to look at and what to run: %s',
    (_, title, runbook) => {
      const section = SECTIONS.get(runbook) ?? '';
      expect(section).toMatch(new RegExp(`^${runbook}\\n\\n\\*\\*${title}\\.\\*\\* [A-Z]`));
      expect(section).toContain('\nLook at: ');
      expect(section).toMatch(/^```\n[\s\S]+^```$/m);
    },
  );

  it('links only to sections and pages that are there', () => {
    for (const [, target = ''] of PAGE.matchAll(/\]\(([^)]+)\)/g)) {
      if (target.startsWith('#')) {
        expect([...SECTIONS.keys()]).toContain(target.slice(1));
      } else {
        expect(() => readFileSync(new URL(`../docs/${target}`, import.meta.url))).not.toThrow();
      }
    }
  });

  it('has no variable but outputs of the stack and what it sets itself', () => {
    // Prepare
    const app = new App({ context: cdkJson.context });
    const stack = new FlinkStewardStack(app, 'S', { steward: { configuration: SLACK, bundles: bundles() } });
    const { Outputs: outputs } = Template.fromStack(stack).toJSON();
    const set = LINES.flatMap((line) => /^(?:export )?(\w+)=/.exec(line)?.[1] ?? []);

    // Act
    const used = [...PAGE.matchAll(/\$([A-Za-z]\w+)/g)].map(([, name = '']) => name);

    // Assess
    expect(used.length).toBeGreaterThan(15);
    expect([...new Set(used)].filter((name) => !set.includes(name) && !Object.hasOwn(outputs ?? {}, name))).toEqual([]);
  });

  it('makes a variable of each output, whatever its value', () => {
    // Prepare: what the AWS CLI prints, by a command of the same name.
    const line = LINES.find((each) => each.startsWith('eval ')) ?? '';
    const aws = "aws() { printf 'A\\tone, two\\nB\\thttps://sqs.eu-central-1.amazonaws.com/1/q-$x\\n'; }";

    // Act
    const script = `${aws}\n${line}\nprintf '%s|%s' "$A" "$B"`;
    const out = execFileSync('sh', ['-c', script], { encoding: 'utf8' });

    // Assess
    expect(out).toBe('one, two|https://sqs.eu-central-1.amazonaws.com/1/q-$x');
  });

  it.each([...new Set(LINES.filter((line) => line.startsWith('steward ')))])(
    'asks a deployment where STEWARD_STACK is set: %s',
    async (line) => {
      // Prepare
      const deployed = await deploy({ area: [AREA], labels: [{ jobId: JOB, job: 'orders-cdc' }] });
      await surveyHandler({}, deployed.runtime());
      answerBy(aws(), deployed);
      const [, ...args] = words(line.replaceAll('"$JOB"', 'orders-cdc'));
      const io = { cwd: '/', clock: () => deployed.now, columns: 100, environment: { STEWARD_STACK: STACK_NAME } };

      // Act
      const { status, err } = await runCaptured(args, io);

      // Assess
      expect(aws().asked.length).toBeGreaterThan(0);
      expect(status).toBeLessThan(2);
      expect(err).not.toMatch(/Unexpected failure/);
    },
  );

  it('starts the survey with an event that it understands', () => {
    const [, payload = ''] = /--payload '(\{"by".*?\})'/.exec(PAGE) ?? [];
    expect(scheduleEventSchema.safeParse(JSON.parse(payload)).success).toBe(true);
  });

  it('has nothing but commands of which it is known what they are', () => {
    const aws =
      /^aws (?:logs tail|lambda invoke|sqs (?:receive-message|purge-queue)|cloudwatch describe-alarms|stepfunctions (?:describe-execution|get-execution-history)) /;
    const set =
      /^(?:export STEWARD_STACK|JOB|FLINK_JOB_ID)=|^EXECUTION=\$\(aws stepfunctions list-executions |^eval "\$\(aws cloudformation describe-stacks /;
    const unknown = LINES.filter((line) => !/^(?:steward|flink) /.test(line) && !aws.test(line) && !set.test(line));
    expect(unknown).toEqual([]);
  });

  it.each([...new Set(LINES.filter((line) => line.startsWith('steward ')))])(
    'has commands that the command line takes: %s',
    async (line) => {
      // Prepare
      const cwd = await area();
      const [, ...args] = words(line.replaceAll('"$JOB"', JOB));

      // Act
      const { err } = await steward(cwd, args);

      // Assess: what is named in an example need not be there.
      expect(err).not.toMatch(
        /unknown (?:option|command)|missing (?:required )?argument|too many arguments|is invalid|must be/i,
      );
      expect(err).not.toMatch(/Usage|--help|Unexpected failure/);
    },
  );
});
