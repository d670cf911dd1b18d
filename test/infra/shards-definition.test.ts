import { describe, expect, it } from 'vitest';
import { collectionDefinition } from '#infra/collection-definition.ts';
import { type Execution, execute, TaskError } from '#test/support/state-machine.ts';

/** The part of the state machine that runs an area in shards, with functions that only say what they were told. */

const DEFINITION = collectionDefinition({
  collect: 'the-collect',
  sweep: 'the-sweep',
  inShards: { shards: 'the-shards', shard: 'the-shard' },
});
const BEGIN = { result: 'in-shards', shards: { begin: 'collect' } };
const ENDED = {
  run: 'r1',
  result: 'done',
  why: null,
  plan: 'p1',
  deleted: { objects: 7, bytes: 700 },
  retired: 0,
};
const NUMBERS = { plan: 'p1', parts: 0, retired: 0, next: null, unfinished: false, minutesWaited: 0 };

function phase(name: string, deletes = false): object {
  return { run: 'r1', phase: name, items: { bucket: 'the-ledger', key: `shards/r1/${name}` }, atOnce: 2, deletes };
}

interface Played {
  readonly execution: Execution;
  /** Function and payload, in order. */
  readonly calls: readonly (readonly [string, unknown])[];
}

/** @param answers of `shards`, one after the other. @param fail what an item throws at its attempts. */
async function play(
  answers: readonly object[],
  fail: (item: string, attempt: number) => void = () => {},
): Promise<Played> {
  const calls: [string, unknown][] = [];
  const left = [...answers];
  const attempts = new Map<string, number>();
  const execution = await execute(
    DEFINITION,
    {},
    {
      invoke: async (name, payload) => {
        calls.push([name, payload]);
        if (name === 'the-collect') return BEGIN;
        if (name === 'the-shards') {
          const answer = left.shift();
          if (answer === undefined) throw new TaskError('LedgerError', 'There is no answer left.');
          return answer;
        }
        const { item } = payload as { item: string };
        attempts.set(item, (attempts.get(item) ?? 0) + 1);
        fail(item, attempts.get(item) ?? 0);
        return {};
      },
      read: (bucket, key) => JSON.stringify([`${bucket}:${key}:1`, `${bucket}:${key}:2`]),
    },
  );
  return { execution, calls };
}

describe('The state machine, where an area is run in shards', () => {
  it('runs the items of each phase by the function of that phase, and asks what is next', async () => {
    // Act
    const { execution, calls } = await play([phase('list'), phase('sweep', true), ENDED]);

    // Assess
    const item = (name: string, number: number) => ({
      run: 'r1',
      phase: name,
      item: `the-ledger:shards/r1/${name}:${number}`,
    });
    expect(calls).toEqual([
      ['the-collect', {}],
      ['the-shards', { begin: 'collect' }],
      ['the-shard', item('list', 1)],
      ['the-shard', item('list', 2)],
      ['the-shards', { run: 'r1', ended: 'list' }],
      ['the-sweep', item('sweep', 1)],
      ['the-sweep', item('sweep', 2)],
      ['the-shards', { run: 'r1', ended: 'sweep' }],
    ]);
    expect(execution).toMatchObject({
      status: 'SUCCEEDED',
      output: { ...NUMBERS, result: 'done', runs: ['r1'], deleted: { objects: 7, bytes: 700 } },
    });
    expect(execution.history.at(-1)).toBe('Done');
  });

  it.each([
    ['a store that does not answer', 'StoreError'],
    ['a function that ran out of memory', 'Runtime.ExitError'],
  ])('tries an item again after %s', async (_, name) => {
    // Act
    const { execution, calls } = await play([phase('list'), ENDED], (item, attempt) => {
      if (item.endsWith(':1') && attempt < 3) throw new TaskError(name, 'Not now.');
    });

    // Assess
    expect(calls.filter(([called]) => called === 'the-shard')).toHaveLength(4);
    expect(execution.status).toBe('SUCCEEDED');
  });

  it.each([
    ['at once where another attempt would end the same way', 'LedgerError', 1],
    ['after its last attempt', 'StoreError', 3],
  ])('tells of an item that fails, %s', async (_, name, attempts) => {
    // Prepare
    const stopped = { ...ENDED, result: 'stopped', why: 'Phase list failed.', deleted: { objects: 0, bytes: 0 } };

    // Act
    const { execution, calls } = await play([phase('list'), stopped], () => {
      throw new TaskError(name, 'Never.');
    });

    // Assess
    expect(calls.filter(([called]) => called === 'the-shard')).toHaveLength(attempts);
    expect(calls.at(-1)).toEqual([
      'the-shards',
      { run: 'r1', failed: 'list', why: 'The specified tolerated failure threshold was exceeded' },
    ]);
    expect(execution).toMatchObject({ status: 'SUCCEEDED', output: { result: 'stopped', why: 'Phase list failed.' } });
  });

  it('fails with the sentence of the function that says what is next', async () => {
    // Act
    const { execution } = await play([phase('list')], () => {
      throw new TaskError('StoreError', 'Never.');
    });

    // Assess
    expect(execution).toMatchObject({ status: 'FAILED', error: 'LedgerError', cause: 'There is no answer left.' });
  });

  it('waits while another run is under way, and looks again then whether shards are wanted', async () => {
    // Act
    const held = { result: 'lease-held', why: 'Another run.', until: null };
    const { execution, calls } = await play([held, phase('list'), ENDED]);

    // Assess
    expect(calls.slice(0, 4).map(([called]) => called)).toEqual([
      'the-collect',
      'the-shards',
      'the-collect',
      'the-shards',
    ]);
    expect(execution).toMatchObject({ waited: 60, output: { minutesWaited: 1 } });
  });

  it('has the language at each state, since a machine in JSONata has no Map in JSONPath', () => {
    const { States, ...machine } = DEFINITION as { States: Record<string, { QueryLanguage: string }> };

    expect(machine).not.toHaveProperty('QueryLanguage');
    const inJsonPath = Object.entries(States).filter(([, { QueryLanguage }]) => QueryLanguage !== 'JSONata');
    expect(inJsonPath.map(([name]) => name)).toEqual(['Items', 'SweepItems']);
  });
});
