import { describe, expect, it } from 'vitest';
import { ALARMS, type AlarmId } from '#core/signals/alarms.ts';
import { type Case, FIRST_AID } from '#core/slack/first-aid.ts';

const NOTHING: Case = {
  stack: 'Fleet',
  region: null,
  job: null,
  jobId: null,
  resource: null,
  run: null,
  rules: [],
  savepoints: null,
};
const JOB = '9468946f38e9d60efc7468a374aec04f';

function commands(kind: AlarmId, about: Partial<Case> = {}): readonly string[] {
  return FIRST_AID[kind].actions({ ...NOTHING, ...about }).map(({ command }) => command);
}

describe('First aid', () => {
  it('is known of every alarm, in steps and in commands', () => {
    expect(Object.keys(FIRST_AID).sort()).toEqual(ALARMS.map(({ id }) => id).sort());
    for (const { id } of ALARMS) {
      expect(FIRST_AID[id].steps.length).toBeGreaterThan(0);
      expect(commands(id).length).toBeGreaterThan(0);
    }
  });

  it.each<[AlarmId, readonly string[], readonly string[]]>([
    ['size-jump', ['audit --job a'], ['audit']],
    ['budget', ['audit --job a'], ['audit']],
    ['reclaimable-share', ['history', 'plan'], ['history', 'plan']],
    ['late-checkpoint', ['restore-points --job a', `declare-dead ${JOB}`], ['restore-points']],
    ['undecidable-root', ['audit'], ['audit']],
    ['paused', ['history', 'resume'], ['history', 'resume']],
    ['silent', ['history', 'audit'], ['history', 'audit']],
  ])('asks the deployment, in commands of which none changes anything: %s', (kind, aboutJob, aboutAll) => {
    const asked = (words: readonly string[]) => words.map((each) => `steward --stack Fleet ${each}`);
    expect(commands(kind, { job: 'a', jobId: JOB })).toEqual(asked(aboutJob));
    expect(commands(kind)).toEqual(asked(aboutAll));
  });

  it('of a job without a restore point is a savepoint first', () => {
    expect(commands('no-restore-point', { job: 'orders', jobId: JOB, savepoints: 's3://b/flink/savepoints' })).toEqual([
      `flink savepoint ${JOB} s3://b/flink/savepoints`,
      "steward --stack Fleet pause --why 'no restore point'",
      'steward --stack Fleet restore-points --job orders',
    ]);
  });

  it('asks for the id of the job where it is not known', () => {
    const titles = (about: Partial<Case>) =>
      FIRST_AID['no-restore-point'].actions({ ...NOTHING, ...about }).map(({ title }) => title);
    expect(commands('damaged-newest')).toEqual([
      'steward --stack Fleet restore-points',
      'flink list --running',
      'flink savepoint JOB_ID',
      "steward --stack Fleet pause --why 'newest checkpoint is damaged'",
    ]);
    expect([titles({})[0], titles({ job: 'orders' })[0]]).toEqual([
      'Take a savepoint now: first the id of each job',
      'Take a savepoint now: first the id of orders',
    ]);
  });

  it('of lost state stops the rules that take it first, and tells what else they take', () => {
    const rules = [{ bucket: 's3://b', id: null, position: 3, from: 5 }];
    const titles = FIRST_AID['lost-state'].actions({ ...NOTHING, rules }).map(({ title }) => title);

    expect([titles[0], titles.at(-1)]).toEqual([
      'Disable the rule 3 of s3://b',
      'To see what the rules take, and safe ones',
    ]);
  });

  it('disables each rule that takes live state, in the region of the alarm', () => {
    const rules = [
      { bucket: 's3://b', id: 'week', position: 1, from: null },
      { bucket: 's3://b', id: null, position: 3, from: 5 },
    ];
    const found = FIRST_AID['hazardous-rule'].actions({ ...NOTHING, rules, region: 'eu-west-1' });
    expect(found.map(({ title }) => title)).toEqual([
      'Disable the rule week of s3://b',
      'Disable the rule 3 of s3://b',
      'To see what it takes, and safe rules',
    ]);
    expect(found.map(({ command }) => command)).toEqual([
      expect.stringContaining('(.Rules[] | select(.ID == "week")).Status = "Disabled" |'),
      expect.stringContaining('.Rules[2].Status = "Disabled" |'),
      'steward --stack Fleet rules check --region eu-west-1',
    ]);
  });

  it('shows the log of the function and the messages of the queue', () => {
    expect(commands('failing', { resource: 'fn', region: 'eu-west-1' })[0]).toBe(
      'aws logs tail "$(aws lambda get-function-configuration --function-name fn --region eu-west-1 --query LoggingConfig.LogGroup --output text)" --region eu-west-1 --since 2h --format short',
    );
    expect(commands('dead-letters', { resource: 'q' })[0]).toBe(
      'aws sqs receive-message --queue-url "$(aws sqs get-queue-url --queue-name q --query QueueUrl --output text)" --max-number-of-messages 10 --visibility-timeout 0 --message-attribute-names All',
    );
    expect([commands('failing'), commands('dead-letters')]).toEqual([
      ['steward --stack Fleet history'],
      ['steward --stack Fleet history'],
    ]);
  });

  it.each(['stopped', 'refused-deletions'] as const)('leads to the run that it is about: %s', (kind) => {
    expect(commands(kind, { run: '2027-a' })[0]).toBe('steward --stack Fleet history --run 2027-a');
    expect(commands(kind)[0]).toBe('steward --stack Fleet history');
  });

  it('names no stack where none is known', () => {
    expect(commands('budget', { stack: null })).toEqual(['steward audit']);
  });
});
