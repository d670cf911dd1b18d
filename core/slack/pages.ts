import { ALARMS, type AlarmId } from '../signals/alarms.ts';
import type { AlarmChange } from './alarm-change.ts';

/** Addresses that a message links to. */

/**
 * The section about an alarm. Undefined without an address that a browser can open: whoever is paged does not have this
 * project at hand.
 *
 * @param runbook address of the page.
 */
export function runbookPage(runbook: string | undefined, kind: AlarmId | null): string | undefined {
  const section = ALARMS.find(({ id }) => id === kind)?.runbook;
  return section === undefined || runbook === undefined || !/^https:/.test(runbook)
    ? undefined
    : `${runbook}#${section}`;
}

/** @param name of the dashboard; undefined where there is none. */
export function dashboardPage(name: string | undefined, region: string | null): string | undefined {
  return name === undefined || name === '' || region === null
    ? undefined
    : `${cloudWatch(region)}#dashboards/dashboard/${encodeURIComponent(name)}`;
}

/** The page of an alarm in the AWS console. Undefined where the region is not known. */
export function alarmPage({ alarm, region }: Pick<AlarmChange, 'alarm' | 'region'>): string | undefined {
  return region === null ? undefined : `${cloudWatch(region)}#alarmsV2:alarm/${encodeURIComponent(alarm)}`;
}

/** The page of an object in the AWS console, for those who may read it. Undefined where the region is not known. */
export function objectPage(bucket: string, key: string, region: string | null): string | undefined {
  return region === null
    ? undefined
    : `${consoleOf(region)}/s3/object/${bucket}?region=${region}&prefix=${encodeURIComponent(key)}`;
}

function cloudWatch(region: string): string {
  return `${consoleOf(region)}/cloudwatch/home?region=${region}`;
}

/** The console has a domain for each partition. */
function consoleOf(region: string): string {
  const domain = region.startsWith('cn-')
    ? 'console.amazonaws.cn'
    : region.startsWith('us-gov-')
      ? 'console.amazonaws-us-gov.com'
      : 'console.aws.amazon.com';
  return `https://${region}.${domain}`;
}
