import { describe, expect, it } from 'vitest';
import { ALARMS } from '#core/signals/alarms.ts';
import { alarmKind, breachingValue } from '#core/slack/alarm-change.ts';

describe('Which alarm it is', () => {
  it.each(ALARMS.map(({ id }) => id))('is known by the end of its name: %s', (id) => {
    const marks = { description: null, metrics: [] };
    expect(alarmKind({ ...marks, name: `FlinkSteward-Steward-${id}` })).toBe(id);
    expect(alarmKind({ ...marks, name: `FlinkSteward-Steward-${id}-checkpoint-completed` })).toBe(id);
    expect(alarmKind({ ...marks, name: id })).toBe(id);
  });

  it.each(ALARMS.map(({ id, runbook }) => [id, runbook]))(
    'is known by the section that its description links to: %s',
    (id, runbook) => {
      const description = `Something. See https://example.org/docs/runbook.md#${runbook}`;
      expect(alarmKind({ name: 'other', description, metrics: [] })).toBe(id);
    },
  );

  it.each(ALARMS.map(({ id, source }) => [id, source.metric]))('is known by its metric: %s', (id, metric) => {
    const query = `SELECT MAX(${metric}) FROM SCHEMA(FlinkSteward, Job) GROUP BY Job`;
    expect(alarmKind({ name: 'other', description: null, metrics: [query] })).toBe(id);
  });

  it('is none of ours else', () => {
    const description = 'See https://example.org/runbook.md#other';
    expect(alarmKind({ name: 'CPU-too-high', description, metrics: ['CPUUtilization'] })).toBeNull();
    expect(alarmKind({ name: 'prebudget', description: null, metrics: [] })).toBeNull();
  });

  it('is the one with the longer name where two fit', () => {
    expect(alarmKind({ name: 'x-failing-dead-letters', description: null, metrics: [] })).toBe('dead-letters');
  });
});

describe('The value that breached', () => {
  it.each([
    ['Threshold Crossed: 1 out of the last 1 datapoints [4.25 (22/11/26 05:00:00)] was greater than (3.0)', 4.25],
    [
      'Threshold Crossed: 1 datapoint was less than the threshold (1.0). The most recent datapoint which crossed the threshold: [0.0 (01/12/25 13:34:00)].',
      0,
    ],
    ['Threshold Crossed: 2 datapoints [1.5E10 (22/11/26 05:00:00), 3.0 (…)] were greater', 1.5e10],
    ['… [-2.5E-4 (22/11/26 05:00:00)]', -0.00025],
    ['6 out of 6 time series evaluated to ALARM', null],
    ['', null],
  ])('is the newest that CloudWatch names: %.60s', (reason, value) => {
    expect(breachingValue(reason)).toBe(value);
  });
});
