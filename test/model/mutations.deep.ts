import { describe, expect, it } from 'vitest';
import { firstLoss } from './first-loss.ts';
import { copied, GROUPS, LIES } from './kinds.ts';
import { useVirtualTime } from './virtual-time.ts';

useVirtualTime();

const ALTERNATIVES = GROUPS.flatMap(({ what, rules, kind, weak = [] }) =>
  rules
    .filter((rule) => !weak.includes(rule))
    .map((rule) => ({ what, rule, others: rules.filter((other) => other !== rule), kind })),
);

describe('A rule that others stand in for', () => {
  it.each(ALTERNATIVES)('$rule is enough by itself for $what', async ({ others, kind }) => {
    const life = await firstLoss(others, kind, { most: 40 });

    expect(life).toBeNull();
  });
});

describe('Beside a copy that is a part of the area', () => {
  it('the model notices when nothing keeps what roots miss at its place', async () => {
    const life = await firstLoss(['base-name'], copied('undeclared'), { most: 400 });

    expect(life).not.toBeNull();
  });
});

describe('The order of reading', () => {
  // One listing that misses a root costs nothing by itself: what it names is too old, or has no later checkpoint, or was
  // named in the run before. test/operations/look/reading-order.test.ts plays the interleavings, one by one.
  it('is not the only thing that stands between a busy job and a loss', async () => {
    const kind = { busy: 0.6, shortPages: 1, flink: { backends: ['rocksdb'], layouts: ['own'] } } as const;

    const life = await firstLoss(['second-round', 'undecidable', 'read-again'], kind, { most: 20 });

    expect(life).toBeNull();
  });
});

describe('A store that contradicts itself about roots', () => {
  it('would cost what a restore needs if it were believed', async () => {
    // Few lies last over two runs in which nothing else is in doubt.
    const life = await firstLoss(['contradiction'], LIES, { most: 400 });

    expect(life).not.toBeNull();
  });

  it('costs nothing', async () => {
    const life = await firstLoss([], LIES, { most: 50 });

    expect(life).toBeNull();
  });
});

describe('Stewards that take the lease from one another', () => {
  it('lose nothing that a restore needs: it keeps order among them, and no state alive', async () => {
    const life = await firstLoss(['lease'], { retains: false, versions: false, pauses: 0, pins: 0 }, { most: 30 });

    expect(life).toBeNull();
  });
});
