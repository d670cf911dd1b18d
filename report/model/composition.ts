import { NOTABLE_SKEW, operatorName } from '#core/states/operator-bytes.ts';
import { nameOf } from '#operations/look/root-view.ts';
import type { JobAudit } from '#operations/report/audit.ts';
import type { OperatorStateView } from '#operations/states/root-state-view.ts';
import type { ReportComposed, ReportComposition } from './document.ts';

/** The state of a job's newest restore point by operator, as its `_metadata` tells it. */

const MOST_OPERATORS = 40;

/** @param audited its submissions, the newest first. */
export function compositionOf(audited: readonly JobAudit[]): ReportComposition | null {
  const [found] = audited.flatMap(({ operators: state, newestRestorePoint: root }) => (state ? [{ state, root }] : []));
  if (found === undefined) return null;
  const { bytes, newBytes, newSince, operators } = found.state;
  return {
    root: nameOf(`${found.root?.path ?? ''}/`),
    bytes,
    newBytes,
    newSince,
    operators: operators.slice(0, MOST_OPERATORS).map(composed),
    leftOut: Math.max(0, operators.length - MOST_OPERATORS),
  };
}

function composed(operator: OperatorStateView): ReportComposed {
  const { bytes, newBytes, byKind, skew } = operator;
  const kinds = Object.entries(byKind) as [keyof typeof byKind, number][];
  const standsOut = skew !== null && (skew.ratio === null || skew.ratio >= NOTABLE_SKEW);
  return {
    name: operatorName(operator),
    bytes,
    newBytes,
    kinds: kinds
      .filter(([, its]) => its > 0)
      .map(([kind, its]) => ({ kind, bytes: its }))
      .sort((one, other) => other.bytes - one.bytes),
    skew: standsOut ? { subtask: skew.subtask, bytes: skew.bytes, ratio: skew.ratio } : null,
  };
}
