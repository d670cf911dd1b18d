import { beforeAll, describe, expect, it } from 'vitest';
import { jobIds, recordedBucket, SHORT_RULES } from '#test/support/corpus.ts';
import { Acts } from './acts.ts';
import type { Anything } from './aws.ts';
import { useSlack } from './slack.ts';
import { useTeam } from './team.ts';

/**
 * Statements without which a function can't do what it is for, by its logical id. MiniStack itself writes logs, polls
 * queues, tells failures, uses keys and starts what a state machine starts, so what allows these is not among them.
 */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  StewardCheckpointCompleted: ['ReadRoots', 'ListLedger', 'Ledger', 'ReadLedger', 'Publish'],
  StewardSurvey: ['List1', 'ReadRoots', 'SeeMarkers', 'ListLedger', 'Ledger', 'Publish'],
  StewardCollect: ['List1', 'ReadRoots', 'SeeMarkers', 'ListLedger', 'Ledger'],
  // Not "Publish": it publishes only where a rule takes live state, and none does here.
  StewardLifecycleRules: ['List1', 'SeeRules', 'WriteRules', 'ReadLedger', 'ListLedger', 'Ledger'],
  StewardManual: ['List1', 'Ledger', 'Mark', 'Start', 'StartCollection'],
  StewardOnDeploy: ['SeeOwnStack', 'Start'],
  StewardNotifySlack: ['ListLedger', 'Ledger', 'ReadWebhook'],
  StewardSweep: ['List1', 'ListLedger', 'Ledger', 'DeleteByETag', 'Publish'],
  StewardUndo: ['ListLedger', 'Ledger', 'SeeVersions', 'TakeDeleteMarkersAway'],
};

const POLICY = 'steward';

/** With all its statements a function does what it is for; without one of them it does not. */
describe('The roles of a deployment', async () => {
  const team = useTeam('roles', 'Roles', { goesOnAnyway: true });
  const slack = useSlack();
  const recording = await recordedBucket('f120-failover');
  const { bucket } = recording;
  const acts = new Acts(team, slack, recording);

  beforeAll(async () => {
    const { KeyMetadata } = await team.aws.call('kms', 'create_key');
    await team.buckets.create(bucket);
    await team.buckets.encrypt(bucket, KeyMetadata.Arn);
    await team.buckets.keepVersions(bucket);
    await team.buckets.fill(bucket, recording);
    await team.aws.call('secretsmanager', 'create_secret', { Name: 'roles/slack', SecretString: slack.webhook });
    await team.deploy({
      area: [{ bucket: `s3://${bucket}`, kmsKey: KeyMetadata.Arn, versioned: true }],
      collect: SHORT_RULES,
      signals: { slack: { secretName: 'roles/slack' } },
      lifecycle: { manage: 'write' },
      deploy: { schedules: 'off' },
    });
    for (const job of jobIds(recording)) await team.manual({ action: 'declare-dead', job, execute: true });
    await team.invoke('StewardSurvey', {});
  });

  /** What is seen of an act, and of what the function logged meanwhile. */
  async function see(id: string): Promise<string> {
    const before = (await team.stack.log(id)).length;
    await acts.forgetRoots();
    const seen = await acts.all[id]?.().catch(String);
    const lines = (await team.stack.log(id)).slice(before);
    const errors = lines.flatMap((line) => /"level":"(?:ERROR|WARN)","message":("[^"]*")/.exec(line)?.[1] ?? []);
    return JSON.stringify([seen, errors]).replace(/\d+T\d+Z-[0-9a-f]{5}|[0-9a-f]{8,}|\d[\d.:TZ-]{3,}/g, '#');
  }

  it.each(Object.entries(NEEDED))('are missed where a statement is taken away: %s', async (id, needed) => {
    // Prepare
    const RoleName = await team.stack.nameOf('AWS::IAM::Role', `${id}Role`);
    const { PolicyDocument } = await team.aws.call('iam', 'get_role_policy', { RoleName, PolicyName: POLICY });
    const whole: readonly Anything[] = PolicyDocument.Statement;
    const put = async (statements: readonly Anything[]) => {
      const document = JSON.stringify({ ...PolicyDocument, Statement: statements });
      await team.aws.call('iam', 'put_role_policy', { RoleName, PolicyName: POLICY, PolicyDocument: document });
    };

    // Act
    const ordinary = await see(id);
    const missed: string[] = [];
    for (const sid of needed) {
      await acts.tidy();
      await put(whole.filter(({ Sid }) => Sid !== sid));
      const seen = await see(id);
      await put(whole);
      if (seen !== ordinary) missed.push(sid);
    }
    await acts.tidy();
    const after = await see(id);
    await acts.tidy();

    // Assess
    expect(whole.map(({ Sid }) => Sid)).toEqual(expect.arrayContaining([...needed]));
    expect(missed).toEqual(needed);
    expect(after).toBe(ordinary);
  });
});
