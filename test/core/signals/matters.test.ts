import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALARMS, type AlarmKind, DEFAULT_THRESHOLDS } from '#core/signals/alarms.ts';
import { LOOKS_BACK, latestOf, type Mattered, type MatterSettings, whatMatters } from '#core/signals/matters.ts';
import { ALARM_JOB_METRICS, type MetricName, SPARING_FLEET_METRICS } from '#core/signals/metrics.ts';
import type { PublishedValue } from '#core/signals/publication.ts';
import { CloudWatchSeries } from '#test/support/cloudwatch-alarms.ts';

const HOUR = 3_600_000;
const NOW = Date.UTC(2027, 2, 1, 9, 40);
const SETTINGS: MatterSettings = { thresholds: DEFAULT_THRESHOLDS, now: NOW, always: [], complete: true };

function value(name: MetricName, of: string | null, amount: number): PublishedValue {
  return { name, job: of, value: amount };
}

function mattered(name: MetricName, job: string | null, hoursAgo: number): Mattered {
  return { name, job, at: NOW - hoursAgo * HOUR };
}

/** The names of what is published of one job. */
function published(known: readonly PublishedValue[], settings: Partial<MatterSettings> = {}): readonly string[] {
  return whatMatters(known, [], { ...SETTINGS, ...settings }).values.map(({ name, value: of }) => `${name} ${of}`);
}

describe('What is published', () => {
  it('of a job that is well are two metrics, and none that an alarm compares', () => {
    const well = [
      value('CheckpointBytes', 'orders', 9),
      value('TotalBytes', 'orders', 10),
      value('DaysToBudget', 'orders', 200),
      value('Lateness', 'orders', 1.2),
      value('RestorePoints', 'orders', 1),
    ];

    expect(published(well)).toEqual(['CheckpointBytes 9', 'TotalBytes 10']);
  });

  it.each([
    ['JumpRatio', 1.5, 1.6],
    ['DaysToBudget', 28, 27.9],
    ['ReclaimableShare', 0.25, 0.26],
    ['Lateness', 1.5, 1.6],
    ['DamagedNewest', 0, 1],
  ] as const)('matters well before its alarm: %s, not at %d, at %d', (name, not, at) => {
    expect(published([value(name, 'orders', not)])).toEqual([]);
    expect(published([value(name, 'orders', at)])).toEqual([`${name} ${at}`]);
  });

  it('follows the thresholds of the configuration', () => {
    const thresholds = { jump: 10, horizon: 3, reclaimableShare: 0.9, lateness: 20, paused: 24 };
    const known = [
      value('JumpRatio', 'orders', 5),
      value('DaysToBudget', 'orders', 6),
      value('ReclaimableShare', 'orders', 0.45),
      value('Lateness', 'orders', 10),
    ];

    expect(published(known, { thresholds })).toEqual([]);
  });

  it.each(['DamagedRoots', 'UndecidableRoots', 'HazardousRules', 'BytesAtRisk', 'PausedHours'] as const)(
    'has no zeros of the fleet: %s',
    (name) => {
      expect(published([value(name, null, 0)])).toEqual([]);
      expect(published([value(name, null, 2)])).toContain(`${name} 2`);
    },
  );

  it('has the fleet’s totals in any case, and its share of garbage from a quarter on', () => {
    const known = [value('RestorePoints', null, 0), value('Heartbeat', null, 1), value('ReclaimableShare', null, 0.25)];

    expect(published(known)).toEqual(['RestorePoints 0', 'Heartbeat 1']);
    expect(published([value('ReclaimableShare', null, 0.26)])).toEqual(['ReclaimableShare 0.26']);
  });

  it('has what the configuration names, whether it matters or not, and of jobs alone', () => {
    const always = ['Lateness', 'RestorePoints', 'DamagedRoots'] as const;
    const known = [
      value('Lateness', 'orders', 0.1),
      value('RestorePoints', 'orders', 3),
      value('DamagedRoots', 'orders', 0),
      value('DamagedRoots', null, 0),
    ];

    expect(published(known, { always })).toEqual(['Lateness 0.1', 'RestorePoints 3', 'DamagedRoots 0']);
  });
});

describe('What has mattered', () => {
  it('has values for three hours more, those that it has or one that is well', () => {
    const before = [mattered('Lateness', 'orders', 2.9), mattered('DaysToBudget', 'orders', 1)];

    const { values, mattered: kept } = whatMatters([value('Lateness', 'orders', 0.5)], before, SETTINGS);

    expect(values).toEqual([value('Lateness', 'orders', 0.5), value('DaysToBudget', 'orders', 36_500)]);
    expect(kept).toEqual(before);
  });

  it('is forgotten when no alarm looks back so far', () => {
    const before = [mattered('Lateness', 'orders', LOOKS_BACK / HOUR), mattered('UndecidableRoots', null, 5)];

    expect(whatMatters([value('Lateness', 'orders', 0.5)], before, SETTINGS)).toEqual({ values: [], mattered: [] });
  });

  it('is well where its job has ended, so that no alarm goes on about it', () => {
    const before = ALARM_JOB_METRICS.map((name) => mattered(name, 'ended', 1));

    const { values } = whatMatters([], before, SETTINGS);

    expect(Object.fromEntries(values.map(({ name, value: of }) => [name, of]))).toEqual({
      JumpRatio: 1,
      DaysToBudget: 36_500,
      ReclaimableShare: 0,
      Lateness: 0,
      RestorePoints: 1,
      DamagedNewest: 0,
    });
  });

  it('is not taken for well by those who know only a part', () => {
    const before = [mattered('Lateness', 'orders', 1)];

    const { values, mattered: kept } = whatMatters([], before, { ...SETTINGS, complete: false });

    expect(values).toEqual([]);
    expect(kept).toEqual(before);
  });

  it('of a metric that is published anyway, is left alone', () => {
    const before = [mattered('TotalBytes', 'orders', 1), mattered('TotalBytes', null, 1)];

    expect(whatMatters([], before, SETTINGS).values).toEqual([]);
  });

  it('is remembered from each publication, the later time of both', () => {
    const one = [mattered('Lateness', 'orders', 2), mattered('JumpRatio', 'orders', 4)];
    const other = [
      mattered('DaysToBudget', 'orders', 1),
      mattered('RestorePoints', 'orders', 1),
      mattered('Lateness', 'orders', 1),
      mattered('HazardousRules', null, 0),
    ];

    const both = [
      mattered('DaysToBudget', 'orders', 1),
      mattered('HazardousRules', null, 0),
      mattered('Lateness', 'orders', 1),
      mattered('RestorePoints', 'orders', 1),
    ];
    expect(latestOf(one, other, NOW)).toEqual(both);
    expect(latestOf(other, one, NOW)).toEqual(both);
  });
});

describe('What begins to matter', () => {
  it('has in its first hour the value that it had, where the alarm takes the best of an hour', () => {
    const known = [
      value('RestorePoints', 'orders', 0),
      value('UndecidableRoots', null, 2),
      value('Lateness', 'orders', 9),
    ];

    const { values } = whatMatters(known, [], SETTINGS);

    expect(values).toEqual([
      value('RestorePoints', 'orders', 1),
      value('RestorePoints', 'orders', 0),
      value('UndecidableRoots', null, 0),
      value('UndecidableRoots', null, 2),
      value('Lateness', 'orders', 9),
    ]);
  });

  it('has none from its second hour on', () => {
    const before = [mattered('RestorePoints', 'orders', 1)];
    expect(whatMatters([value('RestorePoints', 'orders', 0)], before, SETTINGS).values).toEqual([
      value('RestorePoints', 'orders', 0),
    ]);
  });
});

const KINDS: readonly AlarmKind[] = ALARMS;
const COMPARED = KINDS.filter(
  ({ source: { of, metric } }) =>
    of === 'job' || (of === 'fleet' && SPARING_FLEET_METRICS.some((name) => name === metric)),
);

describe('An alarm', () => {
  it.each(COMPARED.map((kind) => [kind.id, kind] as const))(
    'is on in the same hours as if all values were published: %s',
    (_, kind) => {
      const name = kind.source.metric as MetricName;
      const job = kind.source.of === 'job' ? 'orders' : null;
      // What is well, near the alarm, beyond it, or not known.
      const hours = fc.array(fc.constantFrom(null, 0, 0.3, 0.6, 1, 2, 4, 13, 20, 30, 100), { maxLength: 40 });
      fc.assert(
        fc.property(hours, (surveyed) => {
          const all = new CloudWatchSeries();
          const sparing = new CloudWatchSeries();
          const well = whatMatters([], [{ name, job, at: 0 }], { ...SETTINGS, now: 0 }).values;
          let before: readonly Mattered[] = [];
          let last: readonly PublishedValue[] = [];
          for (const [hour, amount] of surveyed.entries()) {
            const seen = amount === null ? [] : [value(name, job, amount)];
            // What was known is published once more, then what a survey finds.
            for (const [known, minute] of [[last, 10] as const, [seen, 40] as const]) {
              const now = hour * HOUR + minute * 60_000;
              all.put(known.length === 0 ? well : known, now);
              const { values, mattered: kept } = whatMatters(known, before, { ...SETTINGS, now });
              sparing.put(values, now);
              before = kept;
            }
            last = seen;
          }
          const span = [0, surveyed.length * HOUR] as const;
          expect(sparing.hoursInAlarm(kind, DEFAULT_THRESHOLDS, ...span)).toEqual(
            all.hoursInAlarm(kind, DEFAULT_THRESHOLDS, ...span),
          );
        }),
        { numRuns: 300 },
      );
    },
  );
});
