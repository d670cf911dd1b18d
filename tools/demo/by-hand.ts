import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Narrator } from './narrator.ts';
import { CANCELLED_JOB, NEWEST_ORDERS, SHARED_SST, UNFINISHED, UNREFERENCED } from './recorded-story.ts';
import type { ServedReport } from './report-server.ts';
import { environmentFor, NOT_IN_ENVIRONMENT } from './served-bucket.ts';
import { HERE } from './story.ts';

const TOP = fileURLToPath(new URL('../..', import.meta.url));
const BUILT = fileURLToPath(new URL('../../dist/cli/steward.mjs', import.meta.url));
const CLOCK = new URL('bucket-clock.mjs', import.meta.url).href;

/** Prints the commands of the demo for a shell, in their order. Each of them can be pasted as it is, also into a script. */
export function suggest(
  { bucket, endpoint, report }: { readonly bucket: string; readonly endpoint: string; readonly report: ServedReport },
  narrator: Narrator,
): void {
  narrator.title(`s3://${bucket} is served at ${endpoint}, until you press Ctrl-C`);
  narrator.tell(
    `Five seconds of the recording became a day, and each byte became 5 MB. To see the report, open ${report.url} in a browser. Reload the page to update the report.`,
  );
  suggestSetUp(endpoint, narrator);
  suggestCollection(report, narrator);
  suggestUndo(narrator);
  suggestQuestions(bucket, endpoint, narrator);
}

function suggestSetUp(endpoint: string, narrator: Narrator): void {
  narrator.step('In another terminal, define "steward" with the clock of the bucket:');
  if (!existsSync(BUILT)) narrator.suggest(`npm run build --prefix ${quoted(TOP)}`);
  narrator.suggest(`cd ${quoted(HERE)}`);
  narrator.suggest('unset', ...NOT_IN_ENVIRONMENT);
  narrator.suggest('export', ...Object.entries(environmentFor(endpoint)).map(([name, value]) => `${name}=${value}`));
  narrator.suggest(`steward() { node --import ${quoted(CLOCK)} ${quoted(BUILT)} "$@"; }`);
}

function suggestCollection({ dayLaterUrl }: ServedReport, narrator: Narrator): void {
  narrator.step('See what is in the bucket, and retire the checkpoints of ended jobs, except the newest of each job:');
  narrator.suggest('steward audit');
  narrator.suggest(`steward declare-dead ${CANCELLED_JOB} --execute`);
  narrator.suggest('steward retire --execute');
  narrator.step('Plan, which starts the quarantine of 20 hours. Then move the clock forward by a day:');
  narrator.suggest('steward plan');
  narrator.suggest(`curl -sS -X POST ${dayLaterUrl}`);
  narrator.step('Delete. The garbage is more than 30 % of the area, so the steward refuses until you accept that:');
  narrator.suggest('steward collect --execute');
  narrator.suggest('steward collect --execute --accept too-much');
}

function suggestUndo(narrator: Narrator): void {
  narrator.step('See what was done, what happened to a deleted file, and why another one was kept:');
  narrator.suggest('steward history');
  narrator.suggest(`steward explain ${UNREFERENCED}`);
  narrator.suggest(`steward explain ${SHARED_SST}`);
  narrator.step('Undo both runs, and see that everything is back:');
  narrator.suggest(`steward undo "$(steward history | awk '/ collect +done / { print $1; exit }')" --execute`);
  narrator.suggest(`steward undo "$(steward history | awk '/ retire +done / { print $1; exit }')" --execute`);
  narrator.suggest('steward audit');
}

function suggestQuestions(bucket: string, endpoint: string, narrator: Narrator): void {
  narrator.step('See what the lifecycle rule breaks, and which rules would be safe:');
  narrator.suggest('steward rules check');
  narrator.step('See what each job can be restored from, and what a checkpoint references:');
  narrator.suggest('steward restore-points');
  narrator.suggest(`steward inspect s3://${bucket}/${NEWEST_ORDERS}`);
  narrator.step('See why files of an unfinished checkpoint are kept, although no checkpoint references them:');
  narrator.suggest(`steward explain ${UNFINISHED}`);
  narrator.step('See what a lost file causes (to begin again, restart the demo):');
  narrator.suggest(`curl -sS -X DELETE ${endpoint}/${bucket}/${SHARED_SST}`);
  narrator.suggest('steward audit');
}

/** As one word of a shell. */
function quoted(path: string): string {
  return /^[\w./:%-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}
