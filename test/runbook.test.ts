import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ALARMS, RUNBOOK } from '#core/signals/alarms.ts';
import { actionSchema } from '#functions/manual/actions.ts';
import { scheduleEventSchema } from '#functions/shared/schedule-event.ts';
import { bucketFiles, steward } from '#test/cli/steward.ts';
import { blockLines, words } from '#test/docs/doc-commands.ts';
import { PlayedJob } from '#test/support/played-job.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';

const makeDirectory = useTempDirectories();
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

  it('asks the function manual what it understands', () => {
    const asked = LINES.filter((line) => line.startsWith('ask ')).map((line) => JSON.parse(words(line)[1] ?? ''));
    expect(asked.length).toBeGreaterThan(10);
    for (const event of asked) {
      expect(actionSchema.safeParse(event), JSON.stringify(event)).toMatchObject({ success: true });
    }
  });

  it('starts the survey with an event that it understands', () => {
    const [, payload = ''] = /--payload '(\{"by".*?\})'/.exec(PAGE) ?? [];
    expect(scheduleEventSchema.safeParse(JSON.parse(payload)).success).toBe(true);
  });

  it('has nothing but commands of which it is known what they are', () => {
    const aws =
      /^aws (?:s3api get-bucket-lifecycle-configuration|logs (?:describe-log-groups|tail)|scheduler list-schedules|lambda invoke|sqs (?:receive-message|purge-queue)|cloudwatch describe-alarms|secretsmanager put-secret-value|stepfunctions (?:list-executions|describe-execution|get-execution-history)) /;
    const unknown = LINES.filter((line) => !/^(?:steward|ask) |^ask\(\)/.test(line) && !aws.test(line));
    expect(unknown).toEqual([]);
  });

  it.each([...new Set(LINES.filter((line) => line.startsWith('steward ')))])(
    'has commands that the command line takes: %s',
    async (line) => {
      // Prepare
      const cwd = await area();
      const [, ...args] = words(line.replaceAll('s3://my-bucket/flink/JOB', './bucket/JOB'));

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
