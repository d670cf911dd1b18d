import type * as z from 'zod';
import { auditDocument } from '#cli/documents/audit.ts';
import { explanation, goneObject, missingObject } from '#cli/documents/explain.ts';
import { state } from '#cli/documents/history.ts';
import { inspectDocument, partialInspection } from '#cli/documents/inspect.ts';
import { retiredRoot, runRecord } from '#cli/documents/parts.ts';
import { planDocument, verdictLine } from '#cli/documents/plan.ts';
import { restorePointsDocument } from '#cli/documents/restore-points.ts';
import { applied } from '#cli/documents/run.ts';
import { statesDocument } from '#cli/documents/states.ts';
import { statusDocument } from '#cli/documents/status.ts';
import { verifyDocument } from '#cli/documents/verify.ts';
import type { RunRecord } from '#operations/ledger/run-records.ts';
import type { LedgerState, RetiredRoot } from '#operations/ledger/state.ts';
import type { PlanReport } from '#operations/plan/plan.ts';
import type { AuditReport } from '#operations/report/audit.ts';
import type { GoneObject } from '#operations/report/deleted-object.ts';
import type { Explanation } from '#operations/report/explain.ts';
import type { Inspection, PartialInspection } from '#operations/report/inspect.ts';
import type { MissingObject } from '#operations/report/missing-object.ts';
import type { RestorePointsReport } from '#operations/report/restore-points.ts';
import type { VerdictLine } from '#operations/report/verdict-line.ts';
import type { ApplyResult } from '#operations/run/apply.ts';
import type { StatesReport } from '#steward/states.ts';
import type { StatusReport } from '#steward/status.ts';
import type { VerifyReport } from '#steward/verify.ts';

/**
 * The compiler's part of what keeps documents and program together: where a type gets a member that its document lacks,
 * this file does not compile. That the program prints nothing else is held by what runs it.
 */
export const DOCUMENTED = [
  auditDocument satisfies z.ZodType<AuditReport>,
  explanation satisfies z.ZodType<Explanation>,
  goneObject satisfies z.ZodType<GoneObject>,
  missingObject satisfies z.ZodType<MissingObject>,
  state satisfies z.ZodType<LedgerState>,
  retiredRoot satisfies z.ZodType<RetiredRoot>,
  runRecord satisfies z.ZodType<RunRecord>,
  inspectDocument satisfies z.ZodType<Inspection>,
  partialInspection satisfies z.ZodType<PartialInspection>,
  planDocument satisfies z.ZodType<PlanReport>,
  verdictLine satisfies z.ZodType<VerdictLine>,
  restorePointsDocument satisfies z.ZodType<RestorePointsReport>,
  statesDocument satisfies z.ZodType<StatesReport>,
  verifyDocument satisfies z.ZodType<VerifyReport>,
  statusDocument satisfies z.ZodType<StatusReport>,
  applied satisfies z.ZodType<ApplyResult>,
];
