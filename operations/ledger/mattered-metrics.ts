import * as z from 'zod';
import { isoTime } from '#core/iso-time.ts';
import { latestOf, type Mattered } from '#core/signals/matters.ts';
import { METRICS } from '#core/signals/metrics.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { JsonDocument } from './json-document.ts';

/** Which metrics mattered lately, so that each of them has values for as long as an alarm looks back. */

const matteredSchema = z.object({
  series: z.array(z.object({ name: z.string(), job: z.string().nullable(), at: z.iso.datetime() })),
});
type Document = z.output<typeof matteredSchema>;

/** @throws StoreError, LedgerError */
export async function matteredMetrics(ledger: LedgerStore): Promise<readonly Mattered[]> {
  const known = await documentOf(ledger).read();
  return known === null ? [] : seriesOf(known.value);
}

/** Where nothing matters and nothing did, nothing is written. @throws StoreError, LedgerError */
export async function rememberMattered(ledger: LedgerStore, mattered: readonly Mattered[], now: number): Promise<void> {
  await documentOf(ledger).update(
    () => ({ series: [] }),
    (document) => ({
      series: latestOf(seriesOf(document), mattered, now).map(({ name, job, at }) => ({ name, job, at: isoTime(at) })),
    }),
  );
}

/** Without metrics that this version does not know: another one has written them, and no alarm of ours compares them. */
function seriesOf({ series }: Document): readonly Mattered[] {
  return series.flatMap(({ name, job, at }) => {
    const known = METRICS.find((metric) => metric.name === name);
    return known === undefined ? [] : { name: known.name, job, at: Date.parse(at) };
  });
}

function documentOf(ledger: LedgerStore): JsonDocument<Document> {
  return new JsonDocument(ledger, 'mattered-metrics', matteredSchema);
}
