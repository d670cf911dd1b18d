import { describe, expect, it } from 'vitest';
import { DELETION_COLUMNS, RUN_COLUMNS } from '#cli/tables/history.ts';
import { RESTORE_POINT_COLUMNS } from '#cli/tables/restore-points.ts';
import { ALARM_COLUMNS } from '#cli/tables/signals.ts';
import { RULE_COLUMNS, VERDICT_COLUMNS } from '#cli/tables/verdicts.ts';
import { jobColumns } from '#operations/report/job-columns.ts';
import { textOf } from './doc-script.ts';

const SECTION = textOf('docs/cli.md').split('### Tables as CSV')[1]?.split('\n#')[0] ?? '';
/** The columns that the page lists, by the first cell of their row. */
const LISTED = Object.fromEntries(
  [...SECTION.matchAll(/^\| (`.*) \| (`.*`) \|$/gm)].map(([, what, columns = '']) => [
    what,
    columns.split(', ').map((name) => name.replaceAll('`', '')),
  ]),
);

describe('docs/cli.md', () => {
  it('lists the columns of each table in their order', () => {
    expect(LISTED).toEqual({
      '`audit`': Object.keys(jobColumns({ cost: null })),
      '`plan`': Object.keys(RULE_COLUMNS),
      '`plan --verdicts FILE`': Object.keys(VERDICT_COLUMNS),
      '`restore-points`': Object.keys(RESTORE_POINT_COLUMNS),
      '`history`': Object.keys(RUN_COLUMNS),
      '`history --run`, `--object`': Object.keys(DELETION_COLUMNS),
      '`signals`': Object.keys(ALARM_COLUMNS),
    });
  });
});
