import { describe, expect, it } from 'vitest';
import { ENV, ENVIRONMENT_OF } from '#functions/shared/environment.ts';
import { FUNCTION_NAMES } from '#functions/shared/function-names.ts';
import { roleTable } from './role-table.ts';
import { ALWAYS, idOf, type Statement, statementsOf, synthesise, useSynthesis } from './synthesise.ts';

useSynthesis();

const SHARDS = { deploy: { shards: 'auto' } } as const;
const SLACK = { signals: { slack: { secretName: 'my-webhook' } } };
const ADOPTED = { area: [{ bucket: 's3://my-bucket/flink', versioned: true }], ...SLACK };
const CONFIGURATION = { ...ADOPTED, ...SHARDS, states: {} };

function document(): string {
  const synthesised = synthesise(CONFIGURATION);
  return `# Permissions

The IAM statements of each function's role, for an adopted bucket that keeps versions: \`{"area":
[{"bucket": "s3://my-bucket/flink", "versioned": true}], "deploy": {"shards": "auto"}, "states": {}}\`. \`ledger\` is the bucket of the ledger. Everything that is not listed is denied. In addition, each role may write its own log, and each
function that is invoked asynchronously may send to its on-failure destination.

* Only \`sweep\` may delete objects. \`NeverSavepoints\` is missing if the configuration allows savepoints to be deleted: an
  entry of \`retain\` with a value of \`savepoints\` other than \`"all"\`, or \`collect.failedSavepoints\`.
* Only the state machine of the collection may start \`sweep\`, and with \`"mode": "observe"\` only \`manual\` may start the state
  machine. With \`"mode": "collect"\` a schedule may, too. Whoever else may invoke \`sweep\`, or start the state machine, can
  have plans of the ledger executed: give people \`manual\` alone.
* \`undo\` removes delete markers, and nothing else. IAM can't tell a marker from another version, so the right
  (\`TakeDeleteMarkersAway\`) exists only in buckets that keep versions. Synthesis asks each bucket, or \`"versioned"\` says
  it. A bucket that the stack created keeps none; if you switch versions on, name the bucket in the area.
* With \`"deploy": {"requireIfMatch": true}\`, \`DeleteByETag\` also demands that each deletion is conditional. Nobody has shown
  on AWS that \`DeleteObjects\` passes this condition, so the default is false.
* If the policies of a role are longer than IAM allows for inline policies, the rest becomes managed policies of the role.
* Apart from \`sweep\` and \`states\`, \`s3:GetObject\` in the area is limited to names that contain \`metadata\`, and the marker.
* \`ListRest\` and \`ReadRootsOfRest\` are there if the area is a part of a bucket, to find checkpoints elsewhere in the bucket
  that reference files of the area. With \`"scope": "area"\` they are missing.
* \`lifecycle-rules\` may also write rules (\`s3:PutLifecycleConfiguration\`) if \`lifecycle.manage\` is \`"write"\`, which is the
  default for a bucket that the stack created.
* \`on-deploy\` may also read and write the notifications of a bucket that the stack created, and those of an adopted one
  only with \`"deploy": {"notifications": "merge"}\`.
* With \`deploy.vpc\`, the functions \`survey\`, \`collect\`, \`sweep\`, \`shards\`, \`shard\`, \`undo\`, \`states\` and \`manual\` get the actions on network interfaces
  that Lambda requires. Their own code is denied these actions.
* \`shards\` and \`shard\`, and the statements \`StartItems\`, \`FollowItems\` and \`ReadItems\` of the collection, exist only with
  \`"deploy": {"shards": "auto"}\`. Then a schedule may start the state machine in the mode \`"observe"\` too; \`sweep\` heeds the mode.
* \`notify-slack\` exists only if \`signals.slack\` names a secret, here \`my-webhook\`.
* \`guard\` is missing with \`"guard": "off"\`. Only with \`guard.heal\` may it and \`survey\` also start \`undo\`, which alone has the right to
  remove delete markers. Then \`undo\` also has \`GetObjectVersion\`, on \`*metadata*\` in buckets that keep versions.
* \`states\` exists only with \`"states": {}\`, and \`manual\` may start it only then. IAM can't limit a read to a part of an object; the
  function asks for the last kilobytes of state files. Without it no function but \`sweep\` may read state files.
* If an entry of the area has a \`kmsKey\`, functions that read may decrypt with it, and functions that write may also encrypt.

${roleTable(synthesised)}

## The collection

The state machine that runs collections.

| | statement | actions | on |
|---|---|---|---|
${rows(statementsOf(synthesised, 'collection'))}

## People

Whoever asks the deployment with \`steward --stack\` needs no right in a bucket, because the function \`manual\` uses its own role.
It deletes nothing itself, but may start what deletes: allow it only to those who may do that. Policies for people and hosts
that run the command on the bucket itself are in [examples/iam](../examples/iam/README.md).

| | statement | actions | on |
|---|---|---|---|
| Allow | \`FindTheFunction\` | \`cloudformation:DescribeStacks\` | \`arn:aws:cloudformation:eu-central-1:123456789012:stack/FlinkSteward/*\` |
| Allow | \`AskTheFunction\` | \`lambda:InvokeFunction\` | the function that the stack output \`ManualFunctionName\` names |

${FUNCTION_NAMES.map((name) => `## ${name}\n\n| | statement | actions | on |\n|---|---|---|---|\n${rows(statementsOf(synthesised, name))}`).join('\n\n')}
`;
}

function rows(statements: Readonly<Record<string, Statement>>): string {
  return Object.values(statements)
    .filter(({ Sid }) => Sid !== 'Log' && Sid !== 'TellFailures')
    .map(({ Sid, Effect, Action, Resource, NotResource, Condition }) => {
      const on = Resource === undefined ? `all but ${list(NotResource)}` : list(Resource);
      const when = Condition === undefined ? '' : `, when \`${JSON.stringify(Condition)}\``;
      return `| ${Effect} | \`${Sid}\` | ${list(Action)} | ${on}${when} |`;
    })
    .join('\n');
}

function list(values: unknown): string {
  return [values]
    .flat()
    .map(
      (value) =>
        `\`${String(value)
          .replace('<Ledger>', 'ledger')
          .replace(
            /:<AWS::Region>:<AWS::AccountId>:(stateMachine|execution):[\w-]+-collection/,
            ':<region>:<account>:$1:<collection>',
          )
          .replace(/Function>$/, '>')}\``,
    )
    .join('<br>');
}

describe('docs/permissions.md', () => {
  it('says what the template says; npx vitest run test/infra/permissions-doc.test.ts --update writes it anew', async () => {
    await expect(document()).toMatchFileSnapshot('../../docs/permissions.md');
  });
});

describe('The environment of the functions', () => {
  it.each([
    ['a bucket of its own', { ...SLACK, ...SHARDS, states: {} }, 'layer'],
    ['an adopted bucket', CONFIGURATION, 'layer'],
    ['an adopted bucket, without a layer, shards and states', ADOPTED, 'environment'],
  ] as const)('holds what each of them reads, and nothing else: %s', (_, configuration, configurationIn) => {
    // Act
    const { resources } = synthesise(configuration, { configurationIn });

    // Assess
    for (const name of 'deploy' in configuration ? FUNCTION_NAMES : [...ALWAYS, 'notify-slack' as const]) {
      const [, found] = Object.entries(resources).find(([id]) => id.startsWith(`Steward${idOf(name)}Function`)) ?? [];
      const { Variables } = (found?.Properties.Environment ?? { Variables: {} }) as { Variables: object };
      const given = Object.keys(Variables).filter((variable) => variable.startsWith('STEWARD_'));
      const absent: string[] = [
        ENV.locations,
        ENV.shardObjects,
        ...('deploy' in configuration ? [] : [ENV.inShards]),
        ...('states' in configuration ? [] : [ENV.statesFunction]),
        configurationIn === 'layer' ? ENV.json : ENV.config,
        ...('area' in configuration ? [ENV.bucket] : []),
      ];
      const read = ENVIRONMENT_OF[name].filter((variable) => !absent.includes(variable));
      expect(given.sort(), name).toEqual([...read].sort());
    }
  });
});
