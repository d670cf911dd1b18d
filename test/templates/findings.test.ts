import { describe, expect, it } from 'vitest';
import { complaints, type Finding, type PassedOver, readFindings } from './findings.ts';

const UNKNOWN_ACTION: Finding = {
  rule: 'W3037',
  sample: 'everything on',
  at: 'Resources/Role/Properties/Action',
  message: "'describealarmcontributors' is not one of ['describealarms']",
};
const WRONG_PROPERTY: Finding = {
  rule: 'E3002',
  sample: 'inside a VPC',
  at: 'Resources/Queue/Properties/Retention',
  message: "Additional properties are not allowed ('Retention' was unexpected)",
};
const EXISTS: PassedOver = {
  rule: 'W3037',
  at: /^Resources\/Role\//,
  message: /^'describealarmcontributors' /,
  reason: 'the action exists',
};

describe('What is said of the findings of cfn-lint', () => {
  it('is nothing where each has a reason to be passed over', () => {
    // Act
    const told = complaints([UNKNOWN_ACTION, { ...UNKNOWN_ACTION, sample: '60 locations' }], [EXISTS]);

    // Assess
    expect(told).toEqual([]);
  });

  it('names a wrong property that nothing passes over, and where it is', () => {
    // Act
    const told = complaints([UNKNOWN_ACTION, WRONG_PROPERTY], [EXISTS]);

    // Assess
    expect(told).toEqual([
      'E3002 in the template of "inside a VPC", Resources/Queue/Properties/Retention: Additional properties are not allowed (\'Retention\' was unexpected)',
    ]);
  });

  it.each([
    ['of another rule', { rule: 'E3037' }],
    ['in another place', { at: 'Resources/OtherRole/Properties/Action' }],
    ['about something else', { message: "'describealarmz' is not one of ['describealarms']" }],
  ])('names a finding %s than the one that is passed over', (_, other) => {
    // Act
    const told = complaints([UNKNOWN_ACTION, { ...UNKNOWN_ACTION, ...other }], [EXISTS]);

    // Assess
    expect(told).toHaveLength(1);
  });

  it('names a reason that no finding needs any more', () => {
    // Act
    const told = complaints([], [EXISTS]);

    // Assess
    expect(told).toEqual([
      'cfn-lint no longer finds W3037 at /^Resources\\/Role\\//, so take its reason ("the action exists") out of test/templates/passed-over.ts.',
    ]);
  });
});

describe('The findings that cfn-lint prints', () => {
  it('are read with the names of the samples, and with the line where there is no path', () => {
    // Prepare
    const printed = [
      {
        Filename: '/tmp/a.template.json',
        Location: { Path: ['Resources', 'Queue', 'DependsOn', 0], Start: { LineNumber: 7 } },
        Message: 'is not needed',
        Rule: { Id: 'W3005' },
      },
      {
        Filename: '/tmp/b.template.json',
        Location: { Path: null, Start: { LineNumber: 3 } },
        Message: 'is no JSON',
        Rule: { Id: 'E0000' },
      },
    ];

    // Act
    const findings = readFindings(JSON.stringify(printed), new Map([['/tmp/a.template.json', 'a bucket']]));

    // Assess
    expect(findings).toEqual([
      { rule: 'W3005', sample: 'a bucket', at: 'Resources/Queue/DependsOn/0', message: 'is not needed' },
      { rule: 'E0000', sample: '/tmp/b.template.json', at: 'line 3', message: 'is no JSON' },
    ]);
  });
});
