import { describe, expect, it } from 'vitest';
import { type RecordedBucket, recordedBucket } from './corpus.ts';
import { PASSING_FAULTS, type ProxyFault, seeded, startFaultProxy } from './fault-proxy.ts';
import { keysOf, type PlannedBucket, planBucket } from './planned-bucket.ts';

/** A recorded bucket as a store has it. */
export interface ServedRecording {
  readonly endpoint: string;
  readonly clock: () => number;
}

interface FaultyWay {
  readonly name: string;
  /** Of all requests, the share that something befalls. */
  readonly rate: number;
  readonly faults: readonly ProxyFault[];
}

const WAYS: readonly FaultyWay[] = [
  { name: 'that throttles, breaks and delays', rate: 0.1, faults: PASSING_FAULTS },
  { name: 'that also denies', rate: 0.05, faults: [...PASSING_FAULTS, 'denied', 'denied', 'denied'] },
];

/**
 * Plans recorded buckets through a proxy that commits faults, and holds the outcome against that of a way without
 * faults: the same verdicts, or status 3 and nothing that may go.
 */
export function describeFaultyWay(
  store: string,
  serve: (recording: RecordedBucket) => Promise<ServedRecording>,
  { recordings, seeds }: { readonly recordings: readonly string[]; readonly seeds: readonly number[] },
): void {
  describe(`Buckets of ${store}, on a way`, () => {
    describe.each(WAYS)('$name', ({ rate, faults }) => {
      it.each(recordings)('are judged as without faults, or not at all: %s', async (name) => {
        // Prepare
        const recording = await recordedBucket(name);
        const place = await serve(recording);
        const clean = await planBucket(recording, place);
        expect(keysOf(clean, 'delete')).toEqual([...recording.may_delete].sort());
        let faultsCommitted = 0;
        for (const seed of seeds) {
          const chance = seeded(seed);
          const proxy = await startFaultProxy({
            target: place.endpoint,
            faultOf: () => (chance() < rate ? (faults[Math.floor(chance() * faults.length)] ?? null) : null),
          });
          try {
            // Act
            const faulty = await planBucket(recording, { ...place, endpoint: proxy.url });
            // Assess
            const told = `seed ${seed}: ${JSON.stringify([...proxy.committed])}`;
            faultsCommitted += proxy.committed.size;
            if (proxy.committed.has('denied')) expect(faulty.status, told).toBe(3);
            if (faulty.status === 3) expect(goingOf(faulty), told).toEqual([]);
            else expect([faulty.status, ...faulty.verdicts], told).toEqual([clean.status, ...clean.verdicts]);
          } finally {
            await proxy.close();
          }
        }
        expect(faultsCommitted).toBeGreaterThan(0);
      });
    });
  });
}

function goingOf(planned: PlannedBucket): readonly string[] {
  return [...keysOf(planned, 'delete'), ...keysOf(planned, 'quarantined')];
}
