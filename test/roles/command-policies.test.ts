import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { useCredentials } from '#test/cli/rules-bucket.ts';
import { useEmbeddedS3 } from '#test/support/embedded-s3.ts';
import { useMachineClock } from '#test/support/machine-clock.ts';
import { NOW } from '#test/support/played-job.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import type { AwsCall } from './aws-call.ts';
import { CONFIGURATION, LEDGER, PREFIX, PURPOSES, type Purpose, playCommands, RULES, STATE } from './command-calls.ts';
import { type Policy, type PolicyName, policiesOf } from './command-policies.ts';
import { isAllowed, type RoleStatement } from './simulated-role.ts';

useCredentials();
useMachineClock(NOW);
const serve = useEmbeddedS3();
const makeDirectory = useTempDirectories();

/** What each purpose takes, as the page says it. */
const ATTACHED: Readonly<Record<Purpose, readonly PolicyName[]>> = {
  'read-only': ['read-only', 'ledger'],
  states: ['read-only', 'ledger', 'states'],
  collecting: ['read-only', 'ledger', 'collecting'],
  undo: ['read-only', 'ledger', 'undo'],
};
/** IAM's limit for a managed policy, without white space. */
const MOST_CHARACTERS = 6_144;

type Policies = Readonly<Record<PolicyName, Policy>>;
interface Played {
  readonly calls: ReadonlyMap<Purpose, readonly AwsCall[]>;
  readonly policies: Policies;
}

let played: Played | undefined;

/** The commands are played once for all tests of this file. */
async function play(): Promise<Played> {
  if (played === undefined) {
    const served = await serve({ buckets: [STATE, LEDGER] });
    const calls = await playCommands(
      served,
      await makeDirectory({ 'steward.json': CONFIGURATION, 'rules.json': RULES }),
    );
    played = { calls, policies: policiesOf(calls) };
  }
  return played;
}

function statementsOf(purpose: Purpose, policies: Policies): readonly RoleStatement[] {
  return ATTACHED[purpose].flatMap((name) => policies[name].Statement);
}

async function denied(calls: readonly AwsCall[], statements: readonly RoleStatement[]): Promise<readonly AwsCall[]> {
  const answers = await Promise.all(calls.map((call) => isAllowed(call, statements)));
  return calls.filter((_, at) => answers[at] === false);
}

function deletionOf(key: string): AwsCall {
  return { action: 's3:DeleteObject', resource: `arn:aws:s3:::${STATE}/${key}`, context: {} };
}

describe('the policies of examples/iam', () => {
  let calls: Played['calls'];
  let policies: Policies;
  beforeEach(async () => {
    ({ calls, policies } = await play());
  });

  it.each(['read-only', 'ledger', 'states', 'collecting', 'undo'] as const)(
    'have what the commands ask for: %s',
    async (name) => {
      const file = fileURLToPath(new URL(`../../examples/iam/${name}.json`, import.meta.url));

      const text = `${JSON.stringify(policies[name], null, 2)}\n`;

      await expect(text).toMatchFileSnapshot(file);
      expect(JSON.stringify(policies[name]).length).toBeLessThan(MOST_CHARACTERS);
    },
  );

  it.each(PURPOSES)('allow every call of the commands: %s', async (purpose) => {
    expect(await denied(calls.get(purpose) ?? [], statementsOf(purpose, policies))).toEqual([]);
  });

  it.each(['read-only', 'ledger', 'states', 'collecting', 'undo'] as const)(
    'have no statement without need: %s',
    async (name) => {
      const purpose: Purpose = name === 'ledger' ? 'read-only' : name;
      const allowing = policies[name].Statement.filter(({ Effect }) => Effect === 'Allow');

      const needless = await Promise.all(
        allowing.map(async ({ Sid }) => {
          const without = ATTACHED[purpose].flatMap((one) =>
            policies[one].Statement.filter((statement) => one !== name || statement.Sid !== Sid),
          );
          return (await denied(calls.get(purpose) ?? [], without)).length === 0 ? [Sid] : [];
        }),
      );

      expect(needless.flat()).toEqual([]);
    },
  );

  it('let nobody who only looks write into the area or delete anything but the marker of the ledger', () => {
    const writing = statementsOf('read-only', policies).flatMap(({ Action, Resource }) =>
      [Action].flat().flatMap((action) => (/^s3:(?:Put|Delete)/.test(action) ? [[action, Resource].flat()] : [])),
    );

    expect(writing).toEqual([
      ['s3:PutObject', `arn:aws:s3:::${LEDGER}/${PREFIX}/*`],
      ['s3:PutObject', `arn:aws:s3:::${STATE}/${PREFIX}/*.flink-steward.json`],
    ]);
  });

  it.each([
    ['a file of a savepoint', `${PREFIX}/savepoint-0a1b2c-0123456789ab/0d3a`],
    ['a file outside the area', 'elsewhere/file'],
  ])('never let the command delete %s', async (_, key) => {
    expect(await isAllowed(deletionOf(key), statementsOf('collecting', policies))).toBe(false);
    expect(await isAllowed(deletionOf(`${PREFIX}/0a/shared/file`), statementsOf('collecting', policies))).toBe(true);
  });

  it('let nobody delete a version of an object but for undo', async () => {
    const version = { ...deletionOf(`${PREFIX}/0a/shared/file`), action: 's3:DeleteObjectVersion' };

    const answers = await Promise.all(PURPOSES.map((purpose) => isAllowed(version, statementsOf(purpose, policies))));

    expect(answers).toEqual(PURPOSES.map((purpose) => purpose === 'undo'));
  });
});
