import { describe, expect, it } from 'vitest';
import { manualHandler } from '#functions/manual/handler.ts';
import { firstPage, type Page } from '#functions/manual/whole.ts';
import { openLedger } from '#steward/open-ledger.ts';
import { unpack, type Whole } from '#steward/stack/packed.ts';
import { type Deployed, LEDGER, ledgerKeys, useDeployments } from './deployed.ts';

/** What `steward --stack` is answered: all that an action finds, in pages where it is long. */

const deploy = useDeployments();
const LONG = {
  found: Array.from({ length: 500 }, (_, at) => ({ at, path: `s3://b/${at * 7919}` })),
  notes: ['a note'],
};

async function ledgerOf(deployed: Deployed) {
  return { ledger: await openLedger(`s3://${LEDGER}`, '/', deployed.runtime().connection ?? {}) };
}

function wholeOf(answer: Readonly<Record<string, unknown>>): Whole {
  return unpack([(answer.whole as Page).gzip]);
}

describe('A whole answer', () => {
  it('comes in one page where it is short, and leaves nothing in the ledger', async () => {
    const deployed = await deploy();
    const page = await firstPage(LONG, await ledgerOf(deployed), deployed.runtime());
    expect(page.more).toBeNull();
    expect(unpack([page.gzip])).toEqual(LONG);
    expect(ledgerKeys(deployed, 'results/')).toEqual([]);
  });

  it('is left in the ledger where it is long, and read on from there', async () => {
    // Prepare
    const deployed = await deploy();

    // Act
    const first = await firstPage(LONG, await ledgerOf(deployed), deployed.runtime(), 1_000);
    const second = await manualHandler({ action: 'page', ...first.more }, deployed.runtime());

    // Assess
    expect(ledgerKeys(deployed, 'results/')).toEqual([first.more?.of]);
    expect(Buffer.from(first.gzip, 'base64')).toHaveLength(1_000);
    const { gzip, more } = second.whole as Page;
    expect(more).toBeNull();
    expect(unpack([first.gzip, gzip])).toEqual(LONG);
  });

  it('holds no secret that stands in a path', async () => {
    const deployed = await deploy();
    const found = { path: 's3a://KEY:SECRET@bucket/flink' };
    const { gzip } = await firstPage({ found, notes: [] }, await ledgerOf(deployed), deployed.runtime());
    expect(unpack([gzip])).toEqual({ found: { path: 's3a://***@bucket/flink' }, notes: [] });
  });

  it.each([
    ['results/20270301T000000.000Z-none.gz', 'is not in the ledger'],
    ['../lease@', 'is not the name of a result'],
    ['results/../lease@', 'is not the name of a result'],
  ])('is read from results alone: %s', async (of, sentence) => {
    const deployed = await deploy();
    const answer = await manualHandler({ action: 'page', of, from: 0 }, deployed.runtime());
    expect(answer.error).toContain(sentence);
    expect(wholeOf(answer)).toMatchObject({ failure: { isRequest: true, refusal: null } });
  });

  it('tells a refusal with its reason, so that the command can add what to type', async () => {
    const deployed = await deploy();
    const answer = await manualHandler({ action: 'whole', of: { action: 'audit', job: 'nobody' } }, deployed.runtime());
    expect(wholeOf(answer)).toEqual({
      failure: {
        message: 'No job in the area is called nobody.',
        isRequest: true,
        refusal: { code: 'no-such-job', job: 'nobody' },
      },
    });
  });
});
