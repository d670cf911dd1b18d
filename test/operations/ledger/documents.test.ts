import { beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { declareJobDead, pause, pin, resume } from '#operations/ledger/declarations.ts';
import { JsonDocument } from '#operations/ledger/json-document.ts';
import { LEDGER_FORMAT, openLedger, openOrCreateLedger } from '#operations/ledger/ledger.ts';
import { LedgerError } from '#operations/ledger/ledger-error.ts';
import {
  declaredDeadAt,
  EMPTY_STATE,
  readState,
  sayPaused,
  updateState,
  withConfiguredDead,
} from '#operations/ledger/state.ts';
import { OPEN } from '#test/support/gate.ts';
import { LedgerContent, MemoryLedger } from '#test/support/memory-ledger.ts';

const NOW = Date.UTC(2027, 2, 1);
let content: LedgerContent;
let ledger: MemoryLedger;
/** Happens before a call. */
let before: (call: string) => void | Promise<void>;
beforeEach(() => {
  content = new LedgerContent();
  before = () => {};
  ledger = new MemoryLedger(content, {
    ...OPEN,
    pass: async (call, effect) => {
      await before(call);
      return effect();
    },
  });
});

const numbers = (): JsonDocument<number[]> => new JsonDocument(ledger, 'numbers', z.array(z.number()));

describe('A document of the ledger', () => {
  it('is changed from nothing, and from what is there', async () => {
    await numbers().update(
      () => [],
      (known) => [...known, 1],
    );
    await numbers().update(
      () => [],
      (known) => [...known, 2],
    );

    expect((await numbers().read())?.value).toEqual([1, 2]);
  });

  it('loses no change where several writers come together', async () => {
    const changes = Array.from({ length: 15 }, (_, n) =>
      numbers().update(
        () => [],
        (known) => [...known, n],
      ),
    );

    await Promise.all(changes);

    const value = (await numbers().read())?.value ?? [];
    expect(value.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 15 }, (_, n) => n));
  });

  it('is given up on where others change it every time, with a sentence', async () => {
    await numbers().update(
      () => [],
      () => [0],
    );
    let others = 0;
    before = async (call) => {
      if (call === 'ledger: write numbers') {
        others++;
        content.documents.set('numbers', { text: `[${others}]`, tag: `other ${others}` });
      }
    };

    await expect(
      numbers().update(
        () => [],
        (known) => [...known, -1],
      ),
    ).rejects.toThrow(
      new LedgerError(
        'numbers of the ledger the ledger in memory was changed by others during each of 20 attempts to change it. Nothing was written; run again.',
      ),
    );
    expect(others).toBe(20);
  });

  it.each(['[1', '["a"]', '{}', ''])('that holds %j is nothing this version goes on with', async (text) => {
    content.documents.set('numbers', { text, tag: 't' });

    const failure = numbers().read();

    await expect(failure).rejects.toThrow(LedgerError);
    await expect(failure).rejects.toThrow(
      /^numbers of the ledger the ledger in memory is not what this version of the steward writes \(.+\)\. Nothing was changed; restore an earlier copy of that document, or use a newer steward\.$/,
    );
    expect(content.documents.get('numbers')?.text).toBe(text);
  });

  it('that was not there when it was read is not overwritten', async () => {
    expect(await numbers().write([1], null)).toBe(true);
    expect(await numbers().write([2], null)).toBe(false);
    expect((await numbers().read())?.value).toEqual([1]);
  });
});

describe('A ledger', () => {
  it('is made once, and keeps its name', async () => {
    expect(await openLedger(ledger)).toBeNull();

    const made = await openOrCreateLedger(ledger, 'one', NOW);
    const again = await openOrCreateLedger(ledger, 'two', NOW + 1);

    expect([made.id, again.id, (await openLedger(ledger))?.id]).toEqual(['one', 'one', 'one']);
    expect(JSON.parse(content.documents.get('ledger')?.text ?? '')).toEqual({
      format: LEDGER_FORMAT,
      id: 'one',
      created: '2027-03-01T00:00:00.000Z',
      state: true,
      place: 'the ledger in memory',
      acted: 0,
    });
    expect(await readState(ledger)).toEqual(EMPTY_STATE);
    expect(content.documents.has('state')).toBe(true);
  });

  it('has one name, whoever makes it at the same time', async () => {
    const made = await Promise.all(['one', 'two', 'three'].map((id) => openOrCreateLedger(ledger, id, NOW)));

    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
  });

  it.each([0, 2, 99])('of format %i is refused, and nothing in it is touched', async (format) => {
    const text = JSON.stringify({ format, id: 'x', created: '2027-03-01T00:00:00.000Z', more: 1 });
    content.documents.set('ledger', { text, tag: 't' });

    const refusal = new LedgerError(
      `The ledger the ledger in memory has format ${format}, but this steward knows only format 1. Nothing was changed; use the newer steward that wrote it.`,
    );
    await expect(openLedger(ledger)).rejects.toThrow(refusal);
    await expect(openOrCreateLedger(ledger, 'y', NOW)).rejects.toThrow(refusal);
    expect(content.documents.get('ledger')?.text).toBe(text);
  });

  it('that can’t be written says so', async () => {
    before = (call) => {
      if (call === 'ledger: write ledger') content.documents.set('ledger', { text: 'gone in a moment', tag: 'z' });
      if (call === 'ledger: read ledger') content.documents.delete('ledger');
    };

    await expect(openOrCreateLedger(ledger, 'one', NOW)).rejects.toThrow(
      'The ledger the ledger in memory does not exist and could not be created. Nothing was changed; check that the steward may write there.',
    );
  });
});

describe('What people have said', () => {
  it('is nothing at first, and survives each change of another thing', async () => {
    expect(await readState(ledger)).toEqual(EMPTY_STATE);

    await updateState(ledger, (state) => pin(state, 'url', 'why', NOW));
    await updateState(ledger, (state) => pause(state, '', NOW));
    await updateState(ledger, (state) => withConfiguredDead(state, ['a'], NOW));

    const at = '2027-03-01T00:00:00.000Z';
    expect(await readState(ledger)).toEqual({
      ...EMPTY_STATE,
      pins: [{ url: 'url', at, why: 'why' }],
      paused: { at, why: '', by: null },
      deadJobs: [{ job: 'a', at, by: 'configured' }],
    });
  });

  it('of the death of a job counts by its latest word', () => {
    const configured = withConfiguredDead(EMPTY_STATE, ['a', 'b'], NOW);
    const state = declareJobDead(configured, 'a', NOW + 5_000);

    expect(['a', 'b', 'c'].map((job) => declaredDeadAt(state, job))).toEqual([NOW + 5_000, NOW, null]);
  });
});

describe('A ledger without a state', () => {
  const CREATED = '2026-11-01T00:00:00.000Z';
  const WHY =
    'the document "state" of the ledger is missing, and its pins, declarations, retired checkpoints and pause are lost. Restore an earlier copy of it, or continue without them';
  const oldLedger = (): void => {
    const text = `${JSON.stringify({ format: 1, id: 'old', created: CREATED }, null, 1)}\n`;
    content.documents.set('ledger', { text, tag: 'of version 0.1.0' });
  };

  it('that version 0.1.0 made has nothing in it, and is given one by the first run of this version', async () => {
    oldLedger();
    const before = await readState(ledger);

    const { id } = await openOrCreateLedger(ledger, 'new', NOW);

    expect(before).toEqual(EMPTY_STATE);
    expect(id).toBe('old');
    expect(JSON.parse(content.documents.get('ledger')?.text ?? '')).toEqual({
      format: 1,
      id: 'old',
      created: CREATED,
      state: true,
    });
    expect(JSON.parse(content.documents.get('state')?.text ?? '')).toEqual(EMPTY_STATE);
  });

  it('keeps what was said in a ledger that version 0.1.0 made', async () => {
    oldLedger();
    await updateState(ledger, (state) => pin(state, 'url', null, NOW));

    await openOrCreateLedger(ledger, 'new', NOW);

    expect((await readState(ledger)).pins.map(({ url }) => url)).toEqual(['url']);
    expect(JSON.parse(content.documents.get('ledger')?.text ?? '').state).toBe(true);
  });

  it('has lost it where it says that it had one: that means paused, with a sentence, until somebody resumes', async () => {
    // Prepare
    await openOrCreateLedger(ledger, 'one', NOW);
    await updateState(ledger, (state) => pin(state, 'url', null, NOW));
    content.documents.delete('state');

    // Act
    const looked = await readState(ledger);
    const written = content.documents.has('state');
    await openOrCreateLedger(ledger, 'two', NOW + 3_600_000);
    const run = await readState(ledger);
    await updateState(ledger, resume);
    await openOrCreateLedger(ledger, 'three', NOW + 7_200_000);

    // Assess
    expect(looked).toEqual({ ...EMPTY_STATE, paused: { at: '2027-03-01T00:00:00.000Z', why: WHY, by: null } });
    expect(written).toBe(false);
    expect(run).toEqual({ ...EMPTY_STATE, paused: { at: '2027-03-01T01:00:00.000Z', why: WHY, by: null } });
    expect(sayPaused({ at: 'whenever', why: WHY, by: null })).toBe(`Deleting is paused: ${WHY}.`);
    expect(await readState(ledger)).toEqual(EMPTY_STATE);
  });

  it('stays paused for who changes something else in it', async () => {
    await openOrCreateLedger(ledger, 'one', NOW);
    content.documents.delete('state');

    await updateState(ledger, (state) => pin(state, 'url', null, NOW));

    expect(await readState(ledger)).toMatchObject({ pins: [{ url: 'url' }], paused: { why: WHY } });
  });

  it('that is made at the moment at which somebody pauses is paused', async () => {
    before = (call) => {
      if (call === 'ledger: write state' && !content.documents.has('state')) {
        content.documents.set('state', { text: JSON.stringify(pause(EMPTY_STATE, 'wait', NOW)), tag: 'theirs' });
      }
    };

    await openOrCreateLedger(ledger, 'one', NOW);

    expect((await readState(ledger)).paused?.why).toBe('wait');
  });
});
