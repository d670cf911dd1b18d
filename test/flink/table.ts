import Table from 'cli-table3';
import type { Trial } from './trial.ts';

export interface Row {
  readonly line: string;
  readonly scenario: string;
  readonly trial: Trial;
}

/** @param seconds that all of it took */
export function printTable(rows: readonly Row[], seconds: number): void {
  const table = new Table({
    head: ['scenario', 'flink', 'objects', 'live', 'deleted', 'restored', 'age rule', 's'],
    colAligns: ['left', 'left', 'right', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  for (const { line, scenario, trial } of rows) {
    table.push([
      `${trial.objections.length === 0 ? ' ' : '!'} ${scenario}`,
      line.replace('flink-', ''),
      trial.objects,
      trial.live,
      `${trial.deletedBeside} + ${trial.deletedAfter}`,
      `${trial.restored} / ${trial.restorable}`,
      `${trial.restoredAfterAgeRule} / ${trial.restorable}`,
      trial.seconds,
    ]);
  }
  const lost = rows.reduce((sum, { trial }) => sum + trial.restorable - trial.restored, 0);
  const well = rows.filter(({ trial }) => trial.objections.length === 0).length;
  process.stdout.write(`\n${table.toString()}
deleted: beside running jobs + when all had been killed and declared dead
restored: of the checkpoints and savepoints that real Flink restored before the last collection, those that it restores
after it, every key asked for; age rule: the same after "expire what is older than a third of the job's life"
${well} scenarios passed, ${rows.length - well} failed; ${lost} restore points lost; ${seconds} s
`);
}
