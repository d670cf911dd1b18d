import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import type { Io } from '#cli/io.ts';
import { printRetention } from '#cli/print/retention.ts';
import { decideRetention, type RetentionDecision } from '#core/retention/decide.ts';
import type { RetentionInput } from '#core/retention/policy.ts';
import { decidedRoot } from '#steward/run-view.ts';
import { DAY, JOB, NOW, OTHER_JOB, type RootSpec, type WorldSpec, world } from '#test/support/world.ts';

function io(columns: number): Io {
  return {
    cwd: '/',
    clock: () => 0,
    columns,
    colors: pc.createColors(false),
    out: () => undefined,
    err: () => undefined,
  };
}

function decide(roots: WorldSpec['roots'] & object, input: Partial<RetentionInput> = {}): readonly RetentionDecision[] {
  return decideRetention(world({ roots }), {
    policies: [{ matches: () => true, endedJobs: { keepLast: 1 }, savepoints: { keepLast: 1 } }],
    minRestorePoints: 1,
    groupBy: 'job',
    labelOf: ({ base }) => base.replace(/\/$/, ''),
    isLabelledByPath: () => false,
    running: new Set(),
    restoredFrom: [],
    ...input,
  });
}

function print(decisions: readonly RetentionDecision[], columns = 80): string {
  return printRetention(
    decisions.map((decision) => decidedRoot(decision)),
    NOW,
    io(columns),
  );
}

const ENDED: Readonly<Record<string, RootSpec>> = {
  [`cp/${JOB}/chk-7`]: { age: 60 * DAY },
  [`cp/${JOB}/chk-8`]: { age: 50 * DAY, kind: 'full-checkpoint' },
};

describe('The printing of retention', () => {
  it('shows every root of a job with all its reasons, broken within 80 columns', () => {
    const decisions = decide({
      ...ENDED,
      'sp/savepoint-aaaaaa-000000000001': { age: 95 * DAY, kind: 'savepoint-canonical' },
      'sp/savepoint-aaaaaa-000000000002': { age: 90 * DAY, kind: 'savepoint-native' },
    });

    expect(print(decisions).split('\n')).toEqual([
      '',
      `cp/${JOB}`,
      'root                               age  kind                why',
      'chk-8                         50 d old  full        keep    among the last 1',
      '                                                            (keepLast); needed',
      '                                                            for 1 restore point',
      '                                                            (minRestorePoints)',
      'chk-7                         60 d old  checkpoint  retire  its job has written',
      '                                                            nothing within',
      '                                                            deadAfter, not among',
      '                                                            the last 1',
      '                                                            (keepLast)',
      'savepoint-aaaa…-000000000002  90 d old  native      keep    among the last 1',
      '                                                            (keepLast)',
      'savepoint-aaaa…-000000000001  95 d old  savepoint   retire  not among the last 1',
      '                                                            (keepLast)',
      '',
      '2 checkpoints and savepoints kept, 2 retired.',
      '',
    ]);
  });

  it('begins with the jobs of which something goes', () => {
    const decisions = decide({ [`cp/${OTHER_JOB}/chk-1`]: { age: 20 * DAY }, ...ENDED, 'aa/flat': { age: DAY } });

    const names = print(decisions).match(/^(?:cp|aa)\/.*$/gm);

    expect(names).toEqual([`cp/${JOB}`, 'aa/flat', `cp/${OTHER_JOB}`]);
  });

  it('tells jobs apart that share a label', () => {
    const roots = { [`cp/${OTHER_JOB}/chk-1`]: { age: 20 * DAY }, ...ENDED };

    const byJob = print(decide(roots, { labelOf: () => 'orders' }));
    const byLabel = print(decide(roots, { labelOf: () => 'orders', groupBy: 'label' }));

    expect(byJob.match(/^orders.*$/gm)).toEqual(['orders (aaaaaa…)', 'orders (bbbbbb…)']);
    expect(byLabel.match(/^(orders|\S+\/chk).*? /gm)).toEqual(['bbbbbb…/chk-1 ', 'aaaaaa…/chk-8 ', 'aaaaaa…/chk-7 ']);
  });

  it('names neither a kind that is unknown nor a folder that is none', () => {
    const printed = print(decide({ '': { age: DAY, kind: 'unknown' }, x: { age: DAY, outcome: 'unreadable' } }));

    expect(printed.match(/unknown/g)).toHaveLength(2);
  });

  it('says of long lists how much more there is', () => {
    const many = Array.from({ length: 23 }, (_, at) => [`cp/${JOB}/chk-${at}`, { age: (90 - at) * DAY }] as const);
    const jobs = Array.from(
      { length: 41 },
      (_, at) => [`sp/mine-${at}`, { age: DAY, kind: 'savepoint-native' }] as const,
    );

    const printed = print(decide({ ...Object.fromEntries(many), ...Object.fromEntries(jobs) }));

    expect(printed).toContain('… and 2 more roots (see --json)\n');
    expect(printed).toContain('\n… and 2 more jobs (see --json)\n\n42 checkpoints and savepoints kept, 22 retired.\n');
  });

  it('says where nothing is retired, and where there is nothing', () => {
    expect(print(decide(ENDED, { policies: [] })).replace(/\s+/g, ' ')).toBe(
      'No entry of "retain" matches a checkpoint or savepoint here. 2 checkpoints and savepoints kept, none retired. ',
    );
    expect(print([])).toBe('There is no checkpoint or savepoint in the area.\n');
  });

  it('lets nothing from a bucket move the cursor', () => {
    expect(print(decide({ 'sp/a\u001b[2Jb': { age: DAY, kind: 'savepoint-native' } }))).not.toContain('\u001b');
  });

  it.each([80, 100, 120])('stays within %i columns', (columns) => {
    const decisions = decide({
      ...ENDED,
      'sp/savepoint-aaaaaa-000000000001': { age: 950 * DAY, kind: 'savepoint-canonical', names: ['gone/file'] },
      'sp/savepoint-aaaaaa-000000000002': { age: 90 * DAY, kind: 'savepoint-native' },
      [`cp/${OTHER_JOB}/chk-1`]: { age: DAY },
    });

    const lines = print(decisions, columns).split('\n');

    expect(lines.filter((line) => line.length > columns)).toEqual([]);
  });
});
