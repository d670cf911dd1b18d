import { describe, expect, it } from 'vitest';
import { commentedJson } from '#config/commented-json.ts';
import { parseJsonText } from '#config/json-text.ts';
import { type ProposedFile, proposedHeading, proposedKeys } from '#config/proposed-json.ts';
import { parseConfigAsWritten } from '#config/steward-config.ts';

const NOTHING: ProposedFile = {
  proposal: { area: [], protect: [], labels: [], outside: [], copies: [], aliases: [] },
  area: [],
  ledger: null,
  flinkRest: [],
  jobs: [],
  checkpointTimeout: null,
};
const REASON = { why: 'Because.', unsure: false };
const GUESS = { why: 'Perhaps.', unsure: true };
const PLACE = { place: { store: 's3://b', key: '' }, as: null };

function written(file: Partial<ProposedFile>): string {
  return commentedJson(proposedHeading('2026-11-30'), proposedKeys({ ...NOTHING, ...file }));
}

describe('JSON with comments', () => {
  it('lets no name control a terminal or turn text around, in comments and in values', () => {
    const name = 'a\u001b[31m\u009b0m\u202eb\u2066\n"]}//';

    const text = commentedJson('Top.', [
      { key: 'a', comment: name, value: { list: [{ comment: name, value: { [name]: name } }] } },
    ]);

    expect(text).not.toMatch(/[^\P{Cc}\n]|[\u202e\u2066]/u);
    expect(parseJsonText(text, 'a.json', { comments: true }).value).toEqual({ a: [{ [name]: name }] });
  });

  it('has a comment above each key and each entry, and is read back as it was meant', () => {
    const text = commentedJson('Top.', [
      {
        key: 'a',
        comment: 'One.',
        value: {
          list: [
            { comment: 'First.', value: 'x' },
            { comment: '', value: { y: [1, null] } },
          ],
        },
      },
      { key: 'b', comment: '', value: { map: [{ key: 'k', comment: 'Entry.', value: 'v' }] } },
      { key: 'c', comment: 'Three.\nFour.', value: { plain: true } },
      { key: 'd', comment: '', value: { list: [] } },
    ]);

    expect(text).toBe(`// Top.
{
  // One.
  "a": [
    // First.
    "x",
    { "y": [1, null] }
  ],

  "b": {
    // Entry.
    "k": "v"
  },

  // Three.
  // Four.
  "c": true,

  "d": []
}
`);
  });

  it('breaks long comments between words, and lets no name end a comment', () => {
    const text = commentedJson(`${'word '.repeat(30)}end\r"area": ["s3://other"]\u2028`, []);

    expect(text.split('\n').every((line) => line.length <= 100)).toBe(true);
    expect(parseConfigAsWritten(text, 'steward.json')).toEqual({});
  });
});

describe('A proposed steward.json', () => {
  it('says why each entry is there, and marks what is a guess', () => {
    const text = written({
      proposal: {
        area: [
          { ...PLACE, ...REASON },
          { ...PLACE, ...GUESS },
        ],
        protect: [{ pattern: 'ha/**', ...REASON }],
        labels: [
          { path: 'c/{region}/{jobId}', job: '{region}/{jobId}', unsure: false, example: 'eu' },
          { path: 'd/{folder}/{jobId}', job: '{folder}/{jobId}', unsure: true, example: 'orders' },
        ],
        outside: [{ url: 's3://gone', ...GUESS }],
        copies: [{ from: 's3://prod', to: 's3://b', ...GUESS }],
        aliases: [{ from: 's3://x-s3alias', to: 's3://b', ...REASON }],
      },
      area: ['s3://b/c', 's3://old/x'],
      ledger: 's3://ledger/one',
    });

    expect(parseConfigAsWritten(text, 'steward.json')).toEqual({
      area: ['s3://b/c', 's3://old/x'],
      aliases: { 's3://x-s3alias': 's3://b' },
      copies: { 's3://prod': 's3://b' },
      outside: ['s3://gone'],
      ledger: 's3://ledger/one',
      mode: 'observe',
      labels: [
        { path: 'c/{region}/{jobId}', job: '{region}/{jobId}' },
        { path: 'd/{folder}/{jobId}', job: '{folder}/{jobId}' },
      ],
      protect: ['ha/**'],
    });
    expect(text).toContain('    // Because.\n    "s3://b/c",\n    // GUESS: Perhaps.\n    "s3://old/x"\n');
    expect(text).toContain('    // GUESS: the folder (such as "orders") distinguishes jobs.');
  });

  it('is no more than the mode where nothing is known', () => {
    expect(parseConfigAsWritten(written({}), 'steward.json')).toEqual({ area: [], mode: 'observe' });
  });

  it.each<[string, number, object | undefined]>([
    ['the default', 600_000, undefined],
    ['longer', 900_001, { checkpointTimeout: '901s' }],
    [
      'so long that no age may stay as it is',
      13 * 3_600_000,
      { checkpointTimeout: '13h', minAge: '26h', quarantine: '26h' },
    ],
  ])('says a timeout that is %s', (_, checkpointTimeout, collect) => {
    expect(parseConfigAsWritten(written({ checkpointTimeout }), 'steward.json').collect).toEqual(collect);
  });

  it('names jobs as Flink does, and asks it from then on', () => {
    const text = written({ flinkRest: ['http://jobmanager:8081'], jobs: [{ id: 'a'.repeat(32), name: 'orders' }] });

    expect(parseConfigAsWritten(text, 'steward.json')).toMatchObject({
      labels: [{ jobId: 'a'.repeat(32), job: 'orders' }],
      flinkRest: ['http://jobmanager:8081'],
    });
  });
});
