import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DOCUMENT_OF, DOCUMENTS } from '#cli/documents/documents.ts';
import { renderDocumentSchemas } from '#cli/documents/json-schemas.ts';
import { leafCommands } from '#test/docs/doc-commands.ts';
import { alarmPayload } from '#test/functions/alarm-payload.ts';
import { JOB, NOW, OTHER_JOB } from '#test/support/played-job.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';
import { AREA, at, serveQuarantine, twoJobs } from './acting.ts';
import { requireDocument, requirePrintedDocument } from './fits-document.ts';
import { linesOf, steward } from './steward.ts';

const makeDirectory = useTempDirectories();
const SCHEMAS = new URL('../../docs/schemas/', import.meta.url);
const ROOT = `flink/${JOB}/chk-7`;

describe('The published schemas of the documents', () => {
  it.each([...renderDocumentSchemas()])(
    'are committed as they are generated (else run npm run schema): %s',
    (name, text) => {
      expect(readFileSync(new URL(`${name}.json`, SCHEMAS), 'utf8')).toBe(text);
    },
  );

  it('are no others', () => {
    expect(readdirSync(SCHEMAS).sort()).toEqual(
      Object.keys(DOCUMENTS)
        .map((name) => `${name}.json`)
        .sort(),
    );
  });

  it('are linked from docs/json.md', () => {
    const page = readFileSync(new URL('../json.md', SCHEMAS), 'utf8');
    for (const [name, { of }] of Object.entries(DOCUMENTS)) {
      expect(page).toContain(`| ${of} | [${name}.json](schemas/${name}.json) |`);
    }
  });
});

describe('The documents', () => {
  it('are known of each command that has --json', () => {
    const printing = [...leafCommands()].filter(([, { options }]) => options.some(({ long }) => long === '--json'));
    expect(Object.keys(DOCUMENT_OF).sort()).toEqual(printing.map(([name]) => name).sort());
  });

  /** What each command prints of two jobs, in an order in which each has something to say. */
  const TYPED: readonly (readonly [typed: readonly string[], status: number])[] = [
    [['init', 'bucket', '--out', 'proposed.json'], 0],
    [['audit', ...AREA], 0],
    [['doctor', ...AREA], 0],
    [['probe', ...AREA], 0],
    [['plan', ...AREA, '--now', at(1), '--verdicts', 'verdicts.ndjson', '--out', 'plan.ndjson'], 0],
    [['explain', `${ROOT}/_metadata`, ...AREA], 0],
    [['explain', 'flink/nothing', ...AREA], 2],
    [['explain', '_metadata', ...AREA], 0],
    [['explain', 'chk-7', ...AREA], 0],
    [['restore-points', ...AREA], 0],
    [['inspect', `bucket/${ROOT}`], 0],
    [['states', ...AREA], 0],
    [['verify', ...AREA], 1],
    [['watch', ...AREA, '--looks', '1'], 0],
    [['inspect', 'rules.json'], 3],
    [['rules', 'check', ...AREA, '--lifecycle', 'rules.json'], 1],
    [['rules', 'lint', 'rules.json'], 3],
    [['retire', ...AREA, '--now', at(1)], 0],
    [['apply', 'plan.ndjson', '--now', at(1)], 0],
    [['collect', ...AREA, '--now', at(1), '--execute'], 0],
    [['history', ...AREA], 0],
    [['verify-run', '--last', '2', ...AREA], 0],
    [['status', ...AREA], 0],
    [['pin', ROOT, ...AREA, '--execute', '--why', 'a test'], 0],
    [['unpin', 'chk-7', ...AREA], 0],
    [['declare-dead', OTHER_JOB, ...AREA], 0],
    [['pause', ...AREA, '--execute'], 0],
    [['resume', ...AREA], 0],
    [['signals', '--history', 'orders.ndjson'], 0],
    [['slack-preview', 'alarm.json'], 0],
  ];

  it('are printed by the commands as they are published', { timeout: 60_000 }, async () => {
    // Prepare
    const rules = [{ ID: 'week', Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Days: 7 } }];
    const cwd = await makeDirectory({
      ...twoJobs(),
      'rules.json': JSON.stringify({ Rules: rules }),
      'orders.ndjson':
        '{"at": "2027-03-01T00:00:00Z", "job": "orders", "event": "completed", "checkpointId": 1, "bytes": 12}\n',
      'alarm.json': JSON.stringify(alarmPayload('budget', { at: NOW, job: 'orders' })),
    });
    await serveQuarantine(cwd);
    let run = '';

    // Act
    const statuses = [];
    for (const [typed] of TYPED) {
      const { status, out } = await steward(cwd, [...typed, '--json']);
      requirePrintedDocument([...typed, '--json'], out);
      statuses.push(status);
      run = typed[0] === 'collect' ? JSON.parse(out).run : run;
    }
    const undo = await steward(cwd, ['undo', run, ...AREA, '--json']);

    // Assess
    expect(statuses).toEqual(TYPED.map(([, status]) => status));
    expect(undo.status).toBe(1);
    requireDocument('undo', JSON.parse(undo.out));
    const commands = [...TYPED.map(([typed]) => typed), ['undo']].map(([first, second]) =>
      first === 'rules' ? `${first} ${second}` : (first ?? ''),
    );
    expect([...new Set(commands)].sort()).toEqual(Object.keys(DOCUMENT_OF).sort());
    for (const line of linesOf(await readFile(join(cwd, 'verdicts.ndjson'), 'utf8'))) {
      requireDocument('verdict-line', line);
    }
  });

  it('have no member that is not published', () => {
    const executed = { pinned: 's3://bucket/chk-7/_metadata', why: null, executed: true };
    expect(() => requireDocument('pin', executed)).not.toThrow();
    expect(() => requireDocument('pin', { ...executed, new: 1 })).toThrow('Unrecognized key: "new"');
    expect(() => requireDocument('pin', { ...executed, why: undefined })).toThrow('why');
  });
});
