import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { sarifOf } from '#cli/print/sarif.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import { documentOf, steward } from './steward.ts';

const makeDirectory = useTempDirectories();

/** Of OASIS. Zod takes what may be a relative reference for a whole URL, so that this format is left out. */
const SCHEMA = z.fromJSONSchema(
  JSON.parse(
    readFileSync(
      createRequire(import.meta.url).resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json'),
      'utf8',
    ),
    (key, value) => (key === 'format' && value === 'uri-reference' ? undefined : value),
  ),
);

const RULE = { ID: 'week', Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Days: 7 } };

describe('Findings as SARIF', () => {
  it('fit the schema of SARIF 2.1.0, and name file, line and resource', async () => {
    // Prepare
    const template = JSON.stringify(
      {
        Resources: {
          State: {
            Type: 'AWS::S3::Bucket',
            Properties: {
              BucketName: 'flink-checkpoints',
              LifecycleConfiguration: { Rules: [{ Id: 'a', Status: 'Enabled', ExpirationInDays: 7 }] },
            },
          },
        },
      },
      null,
      2,
    );
    const cwd = await makeDirectory({
      'my app/template.json': template,
      'rules.json': JSON.stringify({ Rules: [RULE] }),
    });

    // Act
    const ran = await steward(cwd, ['rules', 'lint', './my app/template.json', 'rules.json', '--format', 'sarif']);

    // Assess
    const document = documentOf(ran);
    expect(SCHEMA.safeParse(document)).toMatchObject({ success: true });
    expect(ran.status).toBe(3);
    expect(document).toMatchObject({
      version: '2.1.0',
      runs: [
        {
          tool: {
            driver: {
              name: 'flink-steward',
              version: 'development',
              rules: [{ id: 'flink-state-taken' }, { id: 'flink-state-undecided' }],
            },
          },
          results: [
            {
              ruleId: 'flink-state-taken',
              level: 'error',
              message: {
                text: 'State: Rule "a" deletes Flink state anywhere in the bucket 7 days after it was written.',
              },
              locations: [
                {
                  physicalLocation: { artifactLocation: { uri: 'my%20app/template.json' }, region: { startLine: 9 } },
                  logicalLocations: [{ fullyQualifiedName: 'State' }],
                },
              ],
            },
            {
              ruleId: 'flink-state-undecided',
              level: 'warning',
              locations: [{ physicalLocation: { artifactLocation: { uri: 'rules.json' }, region: { startLine: 1 } } }],
            },
          ],
        },
      ],
    });
  });

  it('are none where nothing was found, and name the version of a release', () => {
    const empty = { start: '2027-03-01T00:00:00Z', files: [], ignored: [], findings: [], undecided: [] };
    const document = sarifOf(empty, '0.1.0');

    expect(SCHEMA.safeParse(document)).toMatchObject({ success: true });
    expect(document).toMatchObject({ runs: [{ tool: { driver: { semanticVersion: '0.1.0' } }, results: [] }] });
  });

  it('are held against a schema that refuses what does not fit it', () => {
    expect(SCHEMA.safeParse({ version: '2.1.0', runs: [{ tool: { driver: { nme: 'x' } } }] }).success).toBe(false);
  });
});
