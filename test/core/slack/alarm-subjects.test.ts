import { describe, expect, it } from 'vitest';
import type { AlarmChange } from '#core/slack/alarm-change.ts';
import { bareSubject, isOfJobs, partOf, subjectName } from '#core/slack/alarm-subjects.ts';
import { WHOLE } from '#core/slack/telling.ts';

const CHANGE: AlarmChange = {
  alarm: 'x',
  kind: 'size-jump',
  state: 'ALARM',
  before: 'OK',
  at: 0,
  reason: 'Crossed: [4.2 (22/11/26 06:00:00)]',
  description: null,
  account: null,
  region: null,
  dimensions: {},
  overMany: true,
  contributor: { id: 'c1', attributes: { Job: 'eu/orders%C3%BC' } },
};
const SERIES = [
  { id: 'c2', attributes: { Job: 'b' }, reason: 'Crossed: [5.5 (22/11/26 06:00:00)]', since: null },
  { id: 'c3', attributes: { Other: 'd' }, reason: '', since: null },
  { id: 'c4', attributes: {}, reason: '', since: null },
];
const NOTHING = { resource: null, facts: null, restorePoint: null, why: null, growth: null, since: null };

describe('What an alarm is about', () => {
  it('is the job that the notification names, with the value that it tells', () => {
    expect(bareSubject('c1', CHANGE, [])).toEqual({ ...NOTHING, name: 'eu/ordersü', value: 4.2 });
  });

  it('is a job that CloudWatch names, with its own value', () => {
    expect(bareSubject('c2', CHANGE, SERIES)).toEqual({ ...NOTHING, name: 'b', value: 5.5 });
  });

  it('is a series of another dimension, or of none, or one that nobody names any more', () => {
    expect(['c3', 'c4', 'gone'].map((key) => bareSubject(key, CHANGE, SERIES))).toEqual([
      { ...NOTHING, name: 'd', value: null },
      { ...NOTHING, name: 'c4', value: null },
      { ...NOTHING, name: 'gone', value: null },
    ]);
  });

  it.each([
    [{ FunctionName: 'survey' }, 'survey'],
    [{ QueueName: 'failures' }, 'failures'],
    [{}, null],
  ])('is the function or queue of an alarm of one series: %j', (dimensions, name) => {
    expect(subjectName(WHOLE, { ...CHANGE, contributor: null, dimensions }, [])).toBe(name);
  });

  it('is a job of alarms on jobs alone', () => {
    const kinds = ['size-jump', 'silent', null] as const;
    expect(kinds.map((kind) => isOfJobs({ ...CHANGE, kind }))).toEqual([true, false, false]);
  });

  it('has the value of the notification, where it is the alarm as a whole', () => {
    expect(bareSubject(WHOLE, { ...CHANGE, contributor: null }, []).value).toBe(4.2);
  });
});

describe('Which of several alarms of one kind it is', () => {
  const failing: AlarmChange = {
    ...CHANGE,
    alarm: 'FlinkSteward-Steward-failing-checkpoint-completed',
    kind: 'failing',
    overMany: false,
    contributor: null,
    dimensions: { FunctionName: 'FlinkSteward-StewardCheckpointComplet-x1' },
  };

  it('is told by the end of its name, and not by the made-up name in AWS', () => {
    expect(bareSubject(WHOLE, failing, [])).toMatchObject({
      name: 'checkpoint-completed',
      resource: 'FlinkSteward-StewardCheckpointComplet-x1',
    });
  });

  it('is told by the name in AWS where the alarm has another name', () => {
    expect(bareSubject(WHOLE, { ...failing, alarm: 'failing' }, [])).toMatchObject({
      name: 'FlinkSteward-StewardCheckpointComplet-x1',
    });
    expect(partOf({ alarm: 'CPU-too-high', kind: null })).toBeNull();
  });
});
