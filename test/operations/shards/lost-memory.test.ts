import { describe, expect, it } from 'vitest';
import { storesOf, surveyOf } from '#test/support/any-area.ts';
import { LedgerContent } from '#test/support/memory-ledger.ts';
import { file, NOTHING, PLAIN, reference, root } from '#test/support/plain-area.ts';
import { NOW } from '#test/support/played-job.ts';
import { decideAtOnce, decideInShards } from '#test/support/sharded.ts';
import { ledgerOf } from '#test/support/sharded-area.ts';

/** Garbage in two jobs, task-owned files, and objects of unknown names. */
const AREA = {
  ...PLAIN,
  remembers: true,
  looksAhead: false,
  content: {
    ...NOTHING,
    files: [file(0, 1), file(0, 2), file(4, 3), file(8, 4), file(8, 5), file(8, 18), file(28, 20)],
    roots: [root(0, { references: [reference(0, 1), reference(4, 3)] }), root(4, { references: [reference(8, 4)] })],
  },
};
const CUTS = [{ location: 0, key: `cp/${'b'.repeat(32)}/` }];

describe('A ledger of which a part is lost, for an area in shards', () => {
  it.each(['candidates', 'named', 'known', 'looked'])('tells what it tells one process: without %s', async (list) => {
    // Prepare
    const content = new LedgerContent();
    const ledger = await ledgerOf(AREA, content);
    const whole = await decideAtOnce(surveyOf(AREA, storesOf([AREA.content], NOW)), ledger);
    const parts = [...content.files.keys()].filter((path) => path.includes(`-${list}-`));
    for (const part of parts) content.files.delete(part);

    // Act
    const atOnce = await decideAtOnce(surveyOf(AREA, storesOf([AREA.content], NOW)), ledger);
    const inShards = await decideInShards(surveyOf(AREA, storesOf([AREA.content], NOW)), { cuts: CUTS, ledger });

    // Assess
    expect(parts).not.toEqual([]);
    expect(inShards).toEqual(atOnce);
    expect(whole.verdicts.filter((line) => line.endsWith('garbage'))).toHaveLength(2);
    expect(atOnce.verdicts.filter((line) => line.endsWith('garbage'))).toEqual([]);
  });

  it('is refused where an old version wrote it, which did not remember what shards must know', async () => {
    // Prepare
    const content = new LedgerContent();
    const ledger = await ledgerOf(AREA, content);
    const memory = content.documents.get('memory');
    if (memory === undefined) throw new Error('There is no memory.');
    const { signs: _, ...old } = JSON.parse(memory.text);
    content.documents.set('memory', { ...memory, text: JSON.stringify(old) });

    // Act
    const running = decideInShards(surveyOf(AREA, storesOf([AREA.content], NOW)), { cuts: CUTS, ledger });

    // Assess
    await expect(running).rejects.toThrow(/Nothing was decided; run once without --shards/);
  });
});
