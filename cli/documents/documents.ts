import type * as z from 'zod';
import { auditDocument } from './audit.ts';
import { doctorDocument } from './doctor.ts';
import { explainDocument } from './explain.ts';
import { failureDocument } from './failure.ts';
import { historyDocument } from './history.ts';
import { initDocument } from './init.ts';
import { inspectDocument } from './inspect.ts';
import { manualAnswer } from './manual.ts';
import { planDocument, verdictLine } from './plan.ts';
import { probeDocument } from './probe.ts';
import { restorePointsDocument } from './restore-points.ts';
import { rulesCheckDocument } from './rules-check.ts';
import { rulesLintDocument } from './rules-lint.ts';
import { runDocument } from './run.ts';
import { signalsDocument } from './signals.ts';
import { slackPreviewDocument } from './slack-preview.ts';
import { declareDeadDocument, pauseDocument, pinDocument, unpinDocument } from './statements.ts';
import { statesDocument } from './states.ts';
import { statusDocument } from './status.ts';
import { undoDocument } from './undo.ts';
import { verifyDocument } from './verify.ts';
import { verifyRunDocument } from './verify-run.ts';
import { watchDocument } from './watch.ts';

/** By the name of their file in `docs/schemas/`, with what prints each. */
export const DOCUMENTS = {
  audit: { of: '`steward audit`', schema: auditDocument },
  plan: { of: '`steward plan`', schema: planDocument },
  'verdict-line': { of: 'one line of `steward plan --verdicts FILE`', schema: verdictLine },
  run: { of: '`steward collect`, `apply`, `retire`', schema: runDocument },
  explain: { of: '`steward explain`', schema: explainDocument },
  'restore-points': { of: '`steward restore-points`', schema: restorePointsDocument },
  'rules-check': { of: '`steward rules check`', schema: rulesCheckDocument },
  'rules-lint': { of: '`steward rules lint`', schema: rulesLintDocument },
  watch: { of: '`steward watch`', schema: watchDocument },
  init: { of: '`steward init`', schema: initDocument },
  doctor: { of: '`steward doctor`', schema: doctorDocument },
  probe: { of: '`steward probe`', schema: probeDocument },
  history: { of: '`steward history`', schema: historyDocument },
  status: { of: '`steward status`', schema: statusDocument },
  undo: { of: '`steward undo`', schema: undoDocument },
  pin: { of: '`steward pin`', schema: pinDocument },
  unpin: { of: '`steward unpin`', schema: unpinDocument },
  'declare-dead': { of: '`steward declare-dead`', schema: declareDeadDocument },
  pause: { of: '`steward pause`, `resume`', schema: pauseDocument },
  inspect: { of: '`steward inspect`', schema: inspectDocument },
  states: { of: '`steward states`', schema: statesDocument },
  verify: { of: '`steward verify`', schema: verifyDocument },
  'verify-run': { of: '`steward verify-run`', schema: verifyRunDocument },
  signals: { of: '`steward signals`', schema: signalsDocument },
  'slack-preview': { of: '`steward slack-preview`', schema: slackPreviewDocument },
  failure: { of: 'every command that failed', schema: failureDocument },
  manual: { of: 'the function `manual`', schema: manualAnswer },
} as const satisfies Record<string, { readonly of: string; readonly schema: z.ZodType }>;
export type DocumentName = keyof typeof DOCUMENTS;

/** Which document a command prints with `--json`, by the words that are typed. */
export const DOCUMENT_OF: Readonly<Record<string, DocumentName>> = {
  audit: 'audit',
  plan: 'plan',
  collect: 'run',
  apply: 'run',
  retire: 'run',
  explain: 'explain',
  'restore-points': 'restore-points',
  'rules check': 'rules-check',
  'rules lint': 'rules-lint',
  watch: 'watch',
  init: 'init',
  doctor: 'doctor',
  probe: 'probe',
  history: 'history',
  status: 'status',
  undo: 'undo',
  pin: 'pin',
  unpin: 'unpin',
  'declare-dead': 'declare-dead',
  pause: 'pause',
  resume: 'pause',
  inspect: 'inspect',
  states: 'states',
  verify: 'verify',
  'verify-run': 'verify-run',
  signals: 'signals',
  'slack-preview': 'slack-preview',
};
