import { describe, expect, it } from 'vitest';
import { statementsOf, synthesise, useSynthesis } from './synthesise.ts';

useSynthesis();

const ADOPTED = { area: ['s3://my-bucket/flink'], signals: { slack: { secretName: 'webhook' } } };

describe('The look at states of a deployment', () => {
  it('is not there unless the configuration asks for it, and nothing may read state files or knows of it', () => {
    const one = synthesise(ADOPTED);

    expect(one.steward.functions.states).toBeUndefined();
    expect(JSON.stringify(one.resources)).not.toMatch(/StewardStates|STEWARD_STATES|ReadState|ledger\/states/);
    expect(statementsOf(one, 'notify-slack').ReadJobs?.Resource).not.toContainEqual(expect.stringMatching(/states/));
  });

  it('begins each day after the collection, or when the configuration says so', () => {
    const expressions = (configuration: object) =>
      Object.values(synthesise({ ...ADOPTED, ...configuration }).resources).flatMap(({ Type, Properties }) =>
        Type === 'AWS::Scheduler::Schedule' && JSON.stringify(Properties.Target).includes('StewardStates')
          ? [Properties.ScheduleExpression]
          : [],
      );

    expect(expressions({})).toEqual([]);
    expect(expressions({ states: {} })).toEqual(['cron(0 4 * * ? *)']);
    expect(expressions({ states: {}, deploy: { states: 'rate(6 hours)' } })).toEqual(['rate(6 hours)']);
  });

  it('reads state files in a function of its own, which neither deletes nor writes in the area', () => {
    const one = synthesise({ ...ADOPTED, states: {} });

    expect(statementsOf(one, 'states').ReadState).toMatchObject({
      Action: 's3:GetObject',
      Resource: ['arn:aws:s3:::my-bucket/flink/*'],
    });
    expect(JSON.stringify(statementsOf(one, 'states'))).not.toMatch(/s3:Delete|s3:PutObject[^}]*my-bucket/);
    expect(JSON.stringify(statementsOf(one, 'manual'))).not.toContain('ReadState');
    expect(JSON.stringify(statementsOf(one, 'manual').Start)).toContain('States');
    expect(JSON.stringify(statementsOf(one, 'notify-slack').ReadJobs)).toContain('states/*');
  });
});
