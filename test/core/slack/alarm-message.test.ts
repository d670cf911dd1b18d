import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALARMS, type AlarmId } from '#core/signals/alarms.ts';
import type { AlarmChange } from '#core/slack/alarm-change.ts';
import { type AlarmMessageInput, type AlarmSubject, alarmMessage } from '#core/slack/alarm-message.ts';
import type { Block } from '#core/slack/blocks.ts';
import type { JobFacts } from '#core/slack/job-facts.ts';
import { brokenRules } from './block-kit.ts';

const AT = Date.UTC(2026, 10, 22, 6, 32, 51);
const HOUR = 3_600_000;

function change(changes: Partial<AlarmChange> = {}): AlarmChange {
  return {
    alarm: 'FlinkSteward-size-jump',
    kind: 'size-jump',
    state: 'ALARM',
    before: 'OK',
    at: AT,
    reason: 'Threshold Crossed: 1 datapoint [4.2 (22/11/26 06:00:00)] was greater than the threshold (3.0).',
    description: null,
    account: '123456789012',
    region: 'eu-central-1',
    dimensions: {},
    overMany: false,
    contributor: null,
    ...changes,
  };
}

const FACTS: JobFacts = {
  numbers: [
    { name: 'Newest checkpoint', text: '6.0 GB (usual: 1.5 GB)' },
    { name: 'Cost', text: 'USD 3.46 a month' },
  ],
  trend: { of: 'Checkpoint size, 7 days', bars: '▁▁▁▁▂▂▃▄▄▅▆▇██' },
  ended: false,
  wait: null,
  jobId: null,
};

function subject(name: string | null, changes: Partial<AlarmSubject> = {}): AlarmSubject {
  return {
    name,
    resource: null,
    value: 4.2,
    facts: null,
    restorePoint: null,
    why: null,
    growth: null,
    since: null,
    ...changes,
  };
}

function message(changes: Partial<AlarmMessageInput> = {}) {
  const input = { change: change(), subjects: [subject('orders-cdc')], others: [], links: {} };
  const made = alarmMessage({ ...input, ...changes });
  expect(brokenRules(made)).toEqual([]);
  return made;
}

/** All that people read, block by block. */
function shown(changes: Partial<AlarmMessageInput> = {}): readonly string[] {
  return message(changes).blocks.map(textOf);
}

function textOf(block: Block): string {
  switch (block.type) {
    case 'header':
      return block.text.text;
    case 'section':
      return [block.text.text, ...(block.fields ?? []).map(({ text }) => text)].join(' | ');
    case 'context':
      return block.elements.map(({ text }) => text).join(' | ');
  }
}

const ORIGIN = '2026-11-22 06:32:51 UTC · eu-central-1 · account 123456789012 · `FlinkSteward-size-jump`';

describe('A message about runs', () => {
  it('names the states that grew, those of one of many jobs in its line', () => {
    const growth = {
      heading: 'States that grew most, as of 5 h ago',
      lines: ['payload of <dedupe>: +42 GB', 'session'],
    };

    const alone = shown({ subjects: [subject('orders-cdc', { growth })] });
    const among = shown({ subjects: [subject('orders-cdc', { growth }), subject('other')] });

    expect(alone).toContain('*States that grew most, as of 5 h ago*\n• payload of &lt;dedupe&gt;: +42 GB\n• session');
    expect(among.join('\n')).toContain('\npayload of &lt;dedupe&gt;: +42 GB');
    expect(among.join('\n')).not.toContain('session');
  });

  it('tells why the newest one stopped', () => {
    const blocks = shown({ subjects: [subject(null, { why: 'More than 30 % <of all> would go.' })] });

    expect(blocks).toContain('*Why*\nMore than 30 % &lt;of all&gt; would go.');
  });
});

describe('A message about lifecycle rules', () => {
  it('tells four of the findings', () => {
    const details = ['a <b>', 'c', 'd', 'e', 'f'];
    const blocks = shown({ change: change({ kind: 'hazardous-rule' }), subjects: [subject(null)], details });
    expect(blocks.filter((block) => block.startsWith('• '))).toEqual(['• a &lt;b&gt;', '• c', '• d', '• e']);
  });
});

describe('A message about one job', () => {
  it('tells what happened, the numbers, the restore point, the command, and where to read on', () => {
    // Act
    const blocks = shown({
      subjects: [subject('orders-cdc', { facts: FACTS, restorePoint: 's3://bucket/flink/abc/chk-7' })],
      others: ['payments'],
      actions: [
        { title: 'To see <the job>', command: "steward --stack FlinkSteward audit --job 'a&b'" },
        { title: 'Next', command: 'steward history' },
      ],
      links: {
        runbook: 'https://example.org/runbook.md#size-jump',
        dashboard: 'https://example.org/d?a=1&b=2',
        report: { url: 'https://example.org/r', until: AT },
        alarm: 'https://example.org/a',
      },
    });

    // Assess
    expect(blocks).toEqual([
      '🟡 Ticket: Checkpoint size jumped: orders-cdc',
      'The two newest checkpoints of `orders-cdc` are at least 4.2 times as large as its usual ones.\nA state that grows like this makes checkpoints and restores slow before it fills the budget.',
      '*The numbers* | *Checkpoint size, 7 days*\n`▁▁▁▁▂▂▃▄▄▅▆▇██` | *Newest checkpoint*\n6.0 GB (usual: 1.5 GB) | *Cost*\nUSD 3.46 a month',
      '*Newest verified restore point*\n`s3://bucket/flink/abc/chk-7`',
      'Still in alarm: `payments`',
      expect.stringMatching(
        /^\*What to do\*\n• Look at what was deployed .*\n• If the new size is intended, do nothing/,
      ),
      "*To see &lt;the job&gt;*\n```steward --stack FlinkSteward audit --job 'a&amp;b'```",
      '*Next*\n```steward history```',
      '<https://example.org/runbook.md#size-jump|Runbook> | <https://example.org/d?a=1&amp;b=2|Dashboard> | <https://example.org/r|Report (open by 06:32 UTC)> | <https://example.org/a|Alarm>',
      ORIGIN,
    ]);
  });

  it('does with what the alarm alone tells', () => {
    expect(shown({ change: change({ account: null, region: null }) })).toEqual([
      '🟡 Ticket: Checkpoint size jumped: orders-cdc',
      expect.stringContaining('`orders-cdc`'),
      expect.stringContaining('*What to do*'),
      '2026-11-22 06:32:51 UTC · `FlinkSteward-size-jump`',
    ]);
  });

  it('shows no numbers where there are none, and no bars where nothing can be drawn', () => {
    const facts = { ...FACTS, trend: null };
    expect(shown({ subjects: [subject('a', { facts })] })[2]).toMatch(/^\*The numbers\* \| \*Newest checkpoint/);
    expect(shown({ subjects: [subject('a', { facts: { ...facts, numbers: [] } })] })).toHaveLength(4);
  });

  it('leaves a command out that is too long to copy', () => {
    expect(shown({ actions: [{ title: 'Long', command: 'x'.repeat(2_000) }] })).toHaveLength(4);
  });
});

describe('What each alarm says', () => {
  it.each<[AlarmId, string | null, number | null, string]>([
    ['size-jump', 'a', null, 'The checkpoints of `a` are much larger than before.'],
    ['budget', 'a', 5.25, 'At its present growth, `a` reaches its storage budget in 5 days.'],
    ['budget', 'a', 0.4, 'At its present growth, `a` reaches its storage budget within a day.'],
    ['budget', 'a', 0, '`a` is above its storage budget.'],
    ['budget', 'a', null, '`a` will reach its storage budget soon.'],
    ['reclaimable-share', 'a', 0.724, '72 % of what `a` stores is garbage, and has been for three days.'],
    ['reclaimable-share', null, null, 'Much of what a job stores is garbage.'],
    ['late-checkpoint', 'a', 12.34, 'The age of the newest checkpoint of `a` is 12.3 times its usual interval.'],
    ['late-checkpoint', 'a', null, 'The newest checkpoint of `a` is late.'],
    ['no-restore-point', 'a', 0, '`a` has no checkpoint or savepoint that can be restored.'],
    [
      'damaged-newest',
      'a',
      1,
      'The newest checkpoint of `a` is damaged: a file that it references is missing or has another size.',
    ],
    [
      'hazardous-rule',
      null,
      1,
      '1 lifecycle rule of the bucket deletes, or will or may delete, files that checkpoints need.',
    ],
    [
      'hazardous-rule',
      null,
      null,
      'Lifecycle rules of the bucket delete, or will or may delete, files that checkpoints need.',
    ],
    ['undecidable-root', null, 2, "2 checkpoints or savepoints can't be read or judged."],
    ['undecidable-root', null, null, "Some checkpoints or savepoints can't be read or judged."],
    ['failing', 'survey-fn', 3, 'The function `survey-fn` failed 3 times within an hour.'],
    ['failing', null, null, 'The function of the steward fails.'],
    ['stopped', null, 1, '1 run of the steward stopped before it deleted what was planned.'],
    ['stopped', null, null, 'A run of the steward stopped before it deleted what was planned.'],
    ['refused-deletions', null, 3, 'The store refused to delete 3 objects.'],
    ['refused-deletions', null, null, 'The store refused to delete some objects.'],
    ['paused', null, 1_234.5, 'Deleting has been paused for 51 d 10 h.'],
    ['paused', null, null, 'Deleting is paused.'],
    ['silent', null, null, 'The steward has not scanned the area for three hours.'],
    ['dead-letters', 'q', 1, '1 event could not be processed and waits in the queue `q`.'],
    ['dead-letters', null, null, 'Events could not be processed and wait in a dead-letter queue.'],
    ['late-events', null, 2_700, 'The oldest event of a completed checkpoint has waited for 45 min.'],
    ['late-events', null, null, 'The oldest event of a completed checkpoint has waited for more than half an hour.'],
  ])('%s, of %s, with %s', (kind, name, value, sentence) => {
    const [title, text] = shown({ change: change({ kind }), subjects: [subject(name, { value })] });
    const known = ALARMS.find(({ id }) => id === kind);
    const mark = known?.severity === 'page' ? '🔴 Page' : '🟡 Ticket';
    expect(title).toBe(`${mark}: ${known?.title}${name === null ? '' : `: ${name}`}`);
    expect(text?.split('\n')[0]).toBe(sentence);
  });

  it('of an alarm that is not ours, its name and what CloudWatch says of it', () => {
    const foreign = change({ kind: null, alarm: 'CPU-too-high' });
    expect(shown({ change: foreign, subjects: [subject(null)] }).slice(0, 2)).toEqual([
      '🔴 CPU-too-high',
      'Threshold Crossed: 1 datapoint [4.2 (22/11/26 06:00:00)] was greater than the threshold (3.0).',
    ]);
    expect(shown({ change: { ...foreign, reason: '' }, subjects: [subject(null)] })[1]).toBe(
      'CloudWatch gives no reason.',
    );
  });
});

describe('A late checkpoint', () => {
  it('is told in hours and minutes where the history of the job is known', () => {
    const facts = { ...FACTS, wait: { age: 3_840_000, usual: 600_000 } };
    expect(shown({ change: change({ kind: 'late-checkpoint' }), subjects: [subject('a', { facts })] })[1]).toMatch(
      /^The newest checkpoint of `a` completed 1 h 4 min ago\. Usually one completes every 10 min\.\n/,
    );
  });
});

describe('A message about many jobs', () => {
  const many = Array.from({ length: 37 }, (_, at) => subject(`job-${at + 1}`, { value: at + 4 }));

  it('shows ten, and the names of the others', () => {
    // Act
    const blocks = shown({ subjects: many });

    // Assess
    expect(blocks).toHaveLength(15);
    expect(blocks[0]).toBe('🟡 Ticket: Checkpoint size jumped: 37 jobs');
    expect(blocks[1]).toMatch(/^37 jobs are in this state\.\nA state that grows/);
    expect(blocks[2]).toBe('• The two newest checkpoints of `job-1` are at least 4 times as large as its usual ones.');
    expect(blocks[11]).toContain('`job-10`');
    expect(blocks[12]).toMatch(/^\*And 27 more\*: `job-11`, `job-12`, .*`job-30`, and 7 more$/);
  });

  it('has a line of numbers for each, and the restore point', () => {
    const [, , first, second] = shown({
      subjects: [
        subject('a', { facts: FACTS, restorePoint: 's3://bucket/a/chk-7' }),
        subject('b', { facts: { ...FACTS, trend: null, numbers: [] } }),
      ],
    });
    expect(first).toMatch(
      /\n`▁▁▁▁▂▂▃▄▄▅▆▇██` · Newest checkpoint: 6\.0 GB \(usual: 1\.5 GB\) · Cost: USD 3\.46 a month\nRestore point: `s3:\/\/bucket\/a\/chk-7`$/,
    );
    expect(second).not.toContain('\n');
  });

  it('shows fewer where they would not fit', () => {
    const label = '<'.repeat(200);
    const numbers = Array.from({ length: 5 }, () => ({ name: label, text: label }));
    const subjects = many.map((one) => ({ ...one, name: label, facts: { ...FACTS, numbers }, restorePoint: label }));
    const blocks = shown({ subjects });
    expect(blocks.filter((block) => block.startsWith('• '))).toHaveLength(8);
    expect(blocks.find((block) => block.startsWith('*And'))).toMatch(/^\*And 29 more\*/);
  });
});

describe('A message of recovery', () => {
  const over = change({ state: 'OK', before: 'ALARM' });

  it('says what is so again, and after how long', () => {
    expect(
      shown({
        change: over,
        subjects: [subject('a', { since: AT - 3 * HOUR })],
        actions: [{ title: 'a', command: 'b' }],
      }),
    ).toEqual([
      '✅ Over: Checkpoint size jumped: a',
      '`a` writes checkpoints of its usual size again. It was in alarm for 3 h.',
      ORIGIN,
    ]);
  });

  it.each([
    [AT - 90_000, ' It was in alarm for 1 min 30 s.'],
    [AT + 1, ''],
    [null, ''],
  ])('tells the time only where it is known: since %s', (since, sentence) => {
    expect(shown({ change: over, subjects: [subject('a', { since })] })[1]).toBe(
      `\`a\` writes checkpoints of its usual size again.${sentence}`,
    );
  });

  it('tells an ended job from one that is well again', () => {
    const facts = { ...FACTS, ended: true };
    expect(shown({ change: over, subjects: [subject('a', { facts })] })[1]).toBe(
      '`a` has ended, so it is not watched any more.',
    );
  });

  it('joins many jobs, and says which are still in alarm', () => {
    const subjects = Array.from({ length: 12 }, (_, at) => subject(`job-${at + 1}`));
    const blocks = shown({ change: over, subjects, others: ['payments'] });
    expect(blocks[0]).toBe('✅ Over: Checkpoint size jumped: 12 jobs');
    expect(blocks[1]?.split('\n')).toHaveLength(10);
    expect(blocks.slice(2, 4)).toEqual(['*And 2 more*: `job-11`, `job-12`', 'Still in alarm: `payments`']);
  });

  it.each(ALARMS.map(({ id }) => id))('is a sentence for each alarm: %s', (kind) => {
    const name = ALARMS.find(({ id }) => id === kind)?.source.of === 'fleet' ? null : 'a';
    expect(shown({ change: { ...over, kind }, subjects: [subject(name)] })[1]).toMatch(/^(?:`a`|[A-Z]).* .*\.$/);
  });

  it('is short for an alarm that is not ours', () => {
    expect(shown({ change: { ...over, kind: null }, subjects: [subject(null)] })[1]).toBe('The alarm is over.');
  });
});

describe('A message of missing data', () => {
  it('says that nobody can tell', () => {
    const unknown = change({ state: 'INSUFFICIENT_DATA', reason: 'Insufficient Data: 3 datapoints were unknown.' });
    expect(shown({ change: unknown }).slice(0, 2)).toEqual([
      '⚪ No data: Checkpoint size jumped: orders-cdc',
      "CloudWatch has no more values, so it can't tell whether this is still so: Insufficient Data: 3 datapoints were unknown.",
    ]);
  });
});

describe('The longest message', () => {
  it.each([1, 100])('fits, with every text as long as it can be, about %d', (number) => {
    const long = '"&'.repeat(2_000);
    const numbers = Array.from({ length: 20 }, () => ({ name: long, text: long }));
    const facts = { ...FACTS, numbers, trend: { of: long, bars: long } };
    const made = message({
      change: change({ alarm: long, account: long, region: long, reason: long }),
      subjects: Array.from({ length: number }, () => subject(long, { facts, restorePoint: long })),
      others: Array(100).fill(long),
      actions: [{ title: long, command: '"'.repeat(1_490) }],
      links: {
        runbook: long,
        dashboard: `https://a.example/${'"'.repeat(300)}`,
        report: { url: long, until: null },
        alarm: long,
      },
    });
    expect(JSON.stringify(made).length).toBeGreaterThan(10_000);
  });
});

describe('Any message', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.string({ unit: fc.constantFrom('&', '<', '>', '`', '"', '\\', '\n', '𝔘', '\u202e'), maxLength: 3_000 }),
  );
  const number = fc.oneof(fc.double(), fc.constant(null));
  const facts = fc.option(
    fc.record({
      numbers: fc.array(fc.record({ name: text, text }), { maxLength: 12 }),
      trend: fc.option(fc.record({ of: text, bars: text })),
      ended: fc.boolean(),
      wait: fc.option(fc.record({ age: fc.nat(), usual: fc.nat() })),
      jobId: fc.option(text),
    }),
  );
  const subjects = fc.array(
    fc.record({
      name: fc.option(text),
      resource: fc.option(text),
      value: number,
      facts,
      restorePoint: fc.option(text),
      why: fc.option(text),
      growth: fc.option(fc.record({ heading: text, lines: fc.array(text, { maxLength: 3 }) })),
      since: fc.option(fc.integer({ min: 0, max: 2 ** 42 })),
    }),
    { minLength: 1, maxLength: 120, size: 'max' },
  );
  const input = fc.record({
    change: fc.record({
      alarm: text,
      kind: fc.constantFrom<AlarmId | null>(null, ...ALARMS.map(({ id }) => id)),
      state: fc.constantFrom('ALARM' as const, 'OK' as const, 'INSUFFICIENT_DATA' as const),
      before: fc.constant(null),
      at: fc.integer({ min: 0, max: 2 ** 42 }),
      reason: text,
      description: fc.constant(null),
      account: fc.option(text),
      region: fc.option(text),
      dimensions: fc.constant({}),
      overMany: fc.boolean(),
      contributor: fc.constant(null),
    }),
    subjects,
    others: fc.array(text, { maxLength: 120 }),
    actions: fc.array(fc.record({ title: text, command: text }), { maxLength: 7 }),
    links: fc.record({
      runbook: fc.oneof(text, fc.webUrl()),
      dashboard: fc.oneof(text, fc.webUrl()),
      report: fc.option(fc.record({ url: text, until: fc.option(fc.integer({ min: 0, max: 2 ** 42 })) }), {
        nil: undefined,
      }),
      alarm: fc.webUrl({ withFragments: true, withQueryParameters: true }),
    }),
  });

  it('keeps the rules of Block Kit', () => {
    fc.assert(
      fc.property(input, (one) => {
        expect(brokenRules(alarmMessage(one))).toEqual([]);
      }),
      { seed: 3, numRuns: 150 },
    );
  });
});
