import { describe, expect, it } from 'vitest';
import { ENV, ENVIRONMENT_OF } from '#functions/shared/environment.ts';
import { FUNCTION_NAMES } from '#functions/shared/function-names.ts';
import { idOf, type Statement, statementsOf, synthesise, useSynthesis } from './synthesise.ts';

useSynthesis();

const SLACK = { signals: { slack: { secretName: 'my-webhook' } } };
const CONFIGURATION = { area: ['s3://my-bucket/flink'], ...SLACK };

function document(): string {
  const synthesised = synthesise(CONFIGURATION);
  return `# What each function may do

The statements of the functions' roles, for an adopted bucket with \`"area": ["s3://my-bucket/flink"]\`; \`ledger\` stands for
the bucket of the ledger. Everything that is not listed is denied. Beside these, each role may write its own log, and each
function that nobody waits for may send to the failure queue.

* \`sweep\` alone may delete. \`NeverSavepoints\` is left out where the policy lets savepoints go: where an entry of \`retain\`
  says something else of savepoints than \`"all"\`, or with \`collect.failedSavepoints\`.
* \`lifecycle-rules\` may write (\`s3:PutLifecycleConfiguration\`) where \`lifecycle.manage\` is \`"write"\`, as it is for a
  bucket that the deployment made.
* \`on-deploy\` may read and write the notifications of the bucket that the deployment made, and of no adopted one.
* Where \`deploy.vpc\` names a network, the functions that survey (\`survey\`, \`collect\`, \`sweep\`, \`undo\`, \`manual\`) may
  be attached to it: the actions on network interfaces that Lambda asks for. Their own code is denied them.
* \`notify-slack\` is there where \`signals.slack\` names a secret, here \`my-webhook\`.
* Where an entry of the area names a \`kmsKey\`, those that read may decrypt with it, and those that write may use it.

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
    ['a bucket of its own', SLACK],
    ['an adopted bucket', CONFIGURATION],
  ])('holds what each of them reads, and nothing else: %s', (_, configuration) => {
    // Act
    const { resources } = synthesise(configuration);

    // Assess
    for (const name of FUNCTION_NAMES) {
      const [, found] = Object.entries(resources).find(([id]) => id.startsWith(`Steward${idOf(name)}Function`)) ?? [];
      const { Variables } = (found?.Properties.Environment ?? { Variables: {} }) as { Variables: object };
      const given = Object.keys(Variables).filter((variable) => variable.startsWith('STEWARD_'));
      const read = ENVIRONMENT_OF[name].filter((variable) => !('area' in configuration) || variable !== ENV.bucket);
      expect(given.sort(), name).toEqual([...read].sort());
    }
  });
});
