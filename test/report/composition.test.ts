import { describe, expect, it } from 'vitest';
import type { JobAudit } from '#operations/report/audit.ts';
import { compositionOf } from '#report/model/composition.ts';

const NONE = { keyed: 0, timers: 0, operator: 0, channel: 0, changelog: 0 };

function operatorOf(name: string, bytes: number, more: object = {}) {
  return { id: '0'.repeat(32), name, uid: null, parallelism: 2, bytes, newBytes: 1, byKind: NONE, skew: null, ...more };
}

function auditedWith(operators: unknown): JobAudit {
  return { newestRestorePoint: { path: 's3a://bucket/flink/job/chk-7' }, operators } as JobAudit;
}

describe('The operators of a job on the page', () => {
  it('are those of its newest submission with a restore point, each with its kinds and the subtask that stands out', () => {
    // Prepare
    const keyGroups = { first: 0, last: 63 };
    const skew = { subtask: 1, bytes: 80, median: 20, ratio: 4, keyGroups };
    const operators = [
      operatorOf('dedupe', 100, { byKind: { ...NONE, keyed: 90, timers: 10 }, skew }),
      operatorOf('join', 9, { skew: { ...skew, ratio: 1.4 } }),
      operatorOf('sink', 1, { skew: { ...skew, ratio: null } }),
    ];

    // Act
    const found = compositionOf([
      auditedWith(null),
      auditedWith({ bytes: 110, newBytes: 3, newSince: 'chk-6', operators }),
      auditedWith({ bytes: 1, newBytes: 1, newSince: null, operators: [] }),
    ]);

    // Assess
    expect(found).toEqual({
      root: 'chk-7',
      bytes: 110,
      newBytes: 3,
      newSince: 'chk-6',
      leftOut: 0,
      operators: [
        {
          name: 'dedupe',
          bytes: 100,
          newBytes: 1,
          kinds: [
            { kind: 'keyed', bytes: 90 },
            { kind: 'timers', bytes: 10 },
          ],
          skew: { subtask: 1, bytes: 80, ratio: 4 },
        },
        { name: 'join', bytes: 9, newBytes: 1, kinds: [], skew: null },
        { name: 'sink', bytes: 1, newBytes: 1, kinds: [], skew: { subtask: 1, bytes: 80, ratio: null } },
      ],
    });
  });

  it('are the forty largest, and the rest is counted', () => {
    const operators = Array.from({ length: 43 }, (_, at) => operatorOf(`operator ${at}`, 100 - at));

    const found = compositionOf([auditedWith({ bytes: 1, newBytes: 1, newSince: null, operators })]);

    expect([found?.operators.length, found?.leftOut]).toEqual([40, 3]);
  });

  it('are not told where no submission was read a second time', () => {
    expect(compositionOf([auditedWith(undefined), auditedWith(null)])).toBeNull();
  });
});
