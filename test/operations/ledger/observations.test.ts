import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import {
  type Observation,
  ReadObservations,
  readObservations,
  writeObservations,
} from '#operations/ledger/observations.ts';
import { OPEN } from '#test/support/gate.ts';
import { LedgerContent, MemoryLedger } from '#test/support/memory-ledger.ts';
import { observationOf } from '#test/support/observation.ts';
import { JOB } from '#test/support/played-job.ts';

const NOON = Date.parse('2027-03-01T12:00:00Z');
const MINUTE = 60_000;

function seen(checkpoint: number, completed: number): Observation {
  return observationOf(checkpoint, completed, { etag: `e${checkpoint}` });
}

async function read(ledger: MemoryLedger, from: number, to: number): Promise<readonly (string | null)[]> {
  const read: (string | null)[] = [];
  for await (const { checkpointId } of readObservations(ledger, { from, to })) {
    read.push(checkpointId);
  }
  return read.toSorted();
}

describe('Observations', () => {
  it('of a batch lie in one file for each hour, and the same batch in the same files', async () => {
    // Prepare
    const ledger = new MemoryLedger(new LedgerContent(), OPEN);
    const batch = [seen(2, NOON + MINUTE), seen(1, NOON - MINUTE), seen(3, NOON + 2 * MINUTE)];

    // Act
    const paths = await writeObservations(ledger, batch);
    const again = await writeObservations(ledger, [...batch.toReversed(), ...batch]);

    // Assess
    expect(paths.toSorted()).toEqual([
      expect.stringMatching(/^observations\/20270301T11\/[0-9a-f]{16}\.ndjson$/),
      expect.stringMatching(/^observations\/20270301T12\/[0-9a-f]{16}\.ndjson$/),
    ]);
    expect(again.toSorted()).toEqual(paths.toSorted());
  });

  it('are read by the hours of their completion', async () => {
    // Prepare
    const ledger = new MemoryLedger(new LedgerContent(), OPEN);
    await writeObservations(ledger, [seen(1, NOON - MINUTE), seen(2, NOON), seen(3, NOON + 60 * MINUTE)]);

    // Act
    const ofOne = await read(ledger, NOON, NOON + MINUTE);
    const ofAll = await read(ledger, NOON - MINUTE, NOON + 60 * MINUTE);

    // Assess
    expect(ofOne).toEqual(['2']);
    expect(ofAll).toEqual(['1', '2', '3']);
  });

  it('of version 0.1.0, one a file, are read too', async () => {
    // Prepare
    const ledger = new MemoryLedger(new LedgerContent(), OPEN);
    const path = `observations/20270301T12/${JOB}/20270301T120100Z-0123456789abcdef.json`;
    await ledger.writeFile(path, Buffer.from(`${JSON.stringify(seen(7, NOON + MINUTE))}\n`));
    await writeObservations(ledger, [seen(8, NOON + 2 * MINUTE)]);

    // Act
    const found = await read(ledger, NOON, NOON);

    // Assess
    expect(found).toEqual(['7', '8']);
  });

  it('pass over what is none', async () => {
    // Prepare
    const ledger = new MemoryLedger(new LedgerContent(), OPEN);
    const [path = ''] = await writeObservations(ledger, [seen(1, NOON)]);
    const lines = ['no JSON', '{"observation":2}', JSON.stringify(seen(2, NOON)), '{"cut'];
    await ledger.writeFile(path.replace(/[0-9a-f]{16}/, '0'.repeat(16)), Buffer.from(lines.join('\n')));

    // Act
    const found = await read(ledger, NOON, NOON);

    // Assess
    expect(found).toEqual(['1', '2']);
  });

  it('that one process has read are not read again, in whichever ledger they lie', async () => {
    // Prepare
    const memory = new ReadObservations();
    const ledger = new MemoryLedger(new LedgerContent(), OPEN);
    const other = new MemoryLedger(new LedgerContent(), OPEN, 'another ledger');
    const [path = ''] = await writeObservations(ledger, [seen(1, NOON)]);

    // Act
    const first = await memory.of(ledger, path);
    const again = await memory.of(ledger, path);
    const elsewhere = await memory.of(other, path);

    // Assess
    expect(again).toBe(first);
    expect(first).toEqual([seen(1, NOON)]);
    expect(elsewhere).toEqual([]);
  });
});
