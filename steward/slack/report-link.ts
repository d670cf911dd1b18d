import type { ReportLink } from '#core/slack/alarm-foot.ts';
import { objectPage } from '#core/slack/pages.ts';
import { jobsState } from '#operations/ledger/jobs-document.ts';
import { REPORT_FILE } from '#operations/ledger/report-file.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import type { Services } from '#steward/services.ts';

export interface ReportSources {
  readonly services: Pick<Services, 'clock' | 'log' | 'connection'>;
  /** Whether a link to the report is signed, so that anyone who has it can open it. */
  readonly signsReport: boolean;
}

/**
 * Where the page of the last survey can be read: by a signed link, or in the AWS console by those who may read the
 * ledger. Null before the first survey, and of a ledger in a directory.
 */
export async function reportLink(
  ledger: LedgerStore,
  region: string | null,
  { services, signsReport }: ReportSources,
): Promise<ReportLink | null> {
  const [, bucket, prefix = ''] = /^s3:\/\/([^/]+)\/?(.*)$/s.exec(ledger.name) ?? [];
  if (bucket === undefined || (await jobsState(ledger)) === null) {
    return null;
  }
  const folder = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
  const key = `${folder}${REPORT_FILE}`;
  if (signsReport) {
    const { LINK_LASTS, signedHtmlLink } = await import('#adapters/s3/signed-link.ts');
    const until = services.clock() + LINK_LASTS * 1_000;
    return { url: await signedHtmlLink(bucket, key, services.connection), until };
  }
  const url = objectPage(bucket, key, region);
  return url === undefined ? null : { url, until: null };
}
