import { REASONS } from '#core/collect/verdicts.ts';
import type { CsvColumns } from '#core/csv.ts';
import type { PlanReport } from '#steward/documents.ts';
import type { VerdictLine } from '#steward/run-document.ts';

/** `steward plan --format csv`: how many objects each rule decided. */
export const RULE_COLUMNS: CsvColumns<PlanReport['reasons'][number]> = {
  rule: ({ rule }) => rule,
  verdict: ({ verdict }) => verdict,
  objects: ({ objects }) => objects,
  bytes: ({ bytes }) => bytes,
  reason: ({ rule }) => REASONS[rule],
};

/** The file of `steward plan --format csv --verdicts FILE`: every object. */
export const VERDICT_COLUMNS: CsvColumns<VerdictLine> = {
  location: ({ location }) => location,
  key: ({ key }) => key,
  bytes: ({ bytes }) => bytes,
  verdict: ({ verdict }) => verdict,
  rule: ({ rule }) => rule,
  reason: ({ reason }) => reason,
  job: ({ job }) => job,
  kind: ({ kind }) => kind,
  may_go_from: ({ mayGoFrom }) => mayGoFrom ?? null,
  archived: ({ archived }) => archived ?? false,
  first_root: ({ roots: [first] }) => first ?? null,
};
