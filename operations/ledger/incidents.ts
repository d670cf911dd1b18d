import * as z from 'zod';
import type { Incident } from '#core/guard/incident.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { JsonDocument } from './json-document.ts';

/** The last losses of live state that the guard has found, for those who tell of them. */

/** The name of the document in the ledger. */
export const INCIDENT_DOCUMENT = 'incident';

const ruleSchema = z.object({
  bucket: z.string(),
  id: z.string().nullable(),
  position: z.int(),
  from: z.number().nullable(),
});

const incidentSchema: z.ZodType<Incident> = z.object({
  began: z.number(),
  last: z.number(),
  objects: z.int(),
  counted: z.array(z.number()).default([]),
  unpublished: z.int().default(0),
  files: z.array(z.string()),
  broken: z.array(z.object({ path: z.string(), job: z.string(), completed: z.number().nullable() })),
  culprits: z.array(z.string()),
  rules: z.array(ruleSchema),
  next: z
    .object({ due: z.int(), soon: z.int(), from: z.number().nullable(), atLeast: z.boolean().default(false) })
    .nullable(),
  keepsVersions: z.boolean(),
  healing: z
    .object({ restored: z.int(), failed: z.int(), left: z.int().default(0), why: z.string().nullable() })
    .nullable(),
});
/** Null before the first one. */
const documentSchema = z.object({ incident: incidentSchema.nullable() });
type Known = z.output<typeof documentSchema>;

/** Null where nothing was ever lost. @throws StoreError, LedgerError */
export async function lastIncident(ledger: LedgerStore): Promise<Incident | null> {
  return (await documentOf(ledger).read())?.value.incident ?? null;
}

/** @param change may be called several times. @throws StoreError, LedgerError */
export async function updateIncident(
  ledger: LedgerStore,
  change: (known: Incident | null) => Incident | null,
): Promise<Incident | null> {
  const empty: Known = { incident: null };
  const { incident } = await documentOf(ledger).update(
    () => empty,
    (known) => ({ incident: change(known.incident) }),
  );
  return incident;
}

function documentOf(ledger: LedgerStore): JsonDocument<Known> {
  return new JsonDocument(ledger, INCIDENT_DOCUMENT, documentSchema);
}
