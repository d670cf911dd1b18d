import { ALARMS, type AlarmId, RUNBOOK } from '../signals/alarms.ts';
import type { AlarmChange } from './alarm-change.ts';

/** Addresses that a message links to. */

/** @param runbook where the page lies; left out, its name in this project. */
export function runbookPage(runbook: string | undefined, kind: AlarmId | null): string | undefined {
  const section = ALARMS.find(({ id }) => id === kind)?.runbook;
  return section === undefined ? undefined : `${runbook || RUNBOOK}#${section}`;
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

/** The console has a domain for each partition. */
function cloudWatch(region: string): string {
  const domain = region.startsWith('cn-')
    ? 'console.amazonaws.cn'
    : region.startsWith('us-gov-')
      ? 'console.amazonaws-us-gov.com'
      : 'console.aws.amazon.com';
  return `https://${region}.${domain}/cloudwatch/home?region=${region}`;
}
