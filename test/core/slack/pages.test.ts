import { describe, expect, it } from 'vitest';
import { alarmPage, dashboardPage, runbookPage } from '#core/slack/pages.ts';

describe('The pages that a message links to', () => {
  it('are the section of the runbook, by its address or its name', () => {
    expect(runbookPage('https://example.org/r', 'budget')).toBe('https://example.org/r#budget');
    expect([runbookPage(undefined, 'budget'), runbookPage('', 'silent')]).toEqual([
      'docs/runbook.md#budget',
      'docs/runbook.md#silent',
    ]);
    expect(runbookPage('https://example.org/r', null)).toBeUndefined();
  });

  it.each([
    ['eu-central-1', 'console.aws.amazon.com'],
    ['cn-north-1', 'console.amazonaws.cn'],
    ['us-gov-west-1', 'console.amazonaws-us-gov.com'],
  ])('are those of the console of the region: %s', (region, domain) => {
    const start = `https://${region}.${domain}/cloudwatch/home?region=${region}`;
    expect(dashboardPage('a b', region)).toBe(`${start}#dashboards/dashboard/a%20b`);
    expect(alarmPage({ alarm: 'x/y', region })).toBe(`${start}#alarmsV2:alarm/x%2Fy`);
  });

  it('are none where it is not known where', () => {
    expect([dashboardPage('a', null), dashboardPage('', 'eu-west-1'), dashboardPage(undefined, 'eu-west-1')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(alarmPage({ alarm: 'x', region: null })).toBeUndefined();
  });
});
