import { describe, expect, it } from 'vitest';
import { alarmPage, dashboardPage, objectPage, runbookPage } from '#core/slack/pages.ts';

describe('The pages that a message links to', () => {
  it('are the section of the runbook, if a browser can open it', () => {
    expect(runbookPage('https://example.org/r', 'budget')).toBe('https://example.org/r#budget');
    expect([runbookPage(undefined, 'budget'), runbookPage('docs/runbook.md', 'silent')]).toEqual([
      undefined,
      undefined,
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
    expect(objectPage('b', 'report/a b.html', region)).toBe(
      `https://${region}.${domain}/s3/object/b?region=${region}&prefix=report%2Fa%20b.html`,
    );
  });

  it('are none where it is not known where', () => {
    expect([dashboardPage('a', null), dashboardPage('', 'eu-west-1'), dashboardPage(undefined, 'eu-west-1')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect([alarmPage({ alarm: 'x', region: null }), objectPage('b', 'k', null)]).toEqual([undefined, undefined]);
  });
});
