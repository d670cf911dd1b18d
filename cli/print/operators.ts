import { NOTABLE_SKEW, operatorName } from '#core/states/operator-bytes.ts';
import type { OperatorStateView, RootStateView } from '#steward/documents.ts';
import type { Io } from '../io.ts';
import { bytes, type Column, count, printable, roomFor, shorten, table, unbroken } from './text.ts';

const SHOWN = 30;
const LONGEST_NAME = 48;

/** The state of a root by operator, the largest first. */
export function printOperators(state: RootStateView, io: Io): string {
  const { operators } = state;
  const columns: readonly Column[] = [
    { head: 'operator' },
    { head: 'state', right: true },
    { head: 'share', right: true },
    { head: 'new', right: true },
    { head: 'of which', wrap: true },
  ];
  const cells = operators
    .slice(0, SHOWN)
    .map((operator) => [
      printable(operatorName(operator)),
      bytes(operator.bytes),
      share(operator.bytes, state.bytes),
      bytes(operator.newBytes),
      [...kindsOf(operator), ...skewOf(operator)].map(unbroken).join(', '),
    ]);
  const name = Math.min(LONGEST_NAME, roomFor(0, columns, cells, io.columns));
  const rows = cells.map(([first = '', ...rest]) => [shorten(first, name, io), ...rest]);
  const more =
    operators.length > SHOWN ? `… and ${count(operators.length - SHOWN, 'more operator')} (see --json)\n` : '';
  const since = state.newSince === null ? 'in this checkpoint, as Flink counts' : `since ${printable(state.newSince)}`;
  return `State by operator: ${bytes(state.bytes)}, ${bytes(state.newBytes)} of it new ${since}\n${table(columns, rows, io)}${more}`;
}

/** A part of a whole, in percent. */
export function share(part: number, whole: number): string {
  if (whole === 0 || part === 0) return '-';
  const percent = (part / whole) * 100;
  return percent < 1 ? '<1 %' : `${Math.round(percent)} %`;
}

function kindsOf({ byKind, bytes: all }: OperatorStateView): readonly string[] {
  const held = Object.entries(byKind).filter(([, size]) => size > 0);
  return held.map(([kind, size]) => (size === all ? kind : `${kind} ${bytes(size)}`));
}

function skewOf({ skew }: OperatorStateView): readonly string[] {
  if (skew === null || (skew.ratio !== null && skew.ratio < NOTABLE_SKEW)) return [];
  const alone = `subtask ${skew.subtask} alone ${bytes(skew.bytes)}`;
  return skew.ratio === null ? [alone] : [alone, `${skew.ratio.toFixed(1)} × the median`];
}
