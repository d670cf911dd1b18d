import { describe, expect, it } from 'vitest';
import { DeadlineError, LONG_MARGINS, withDeadline } from '#functions/shared/deadline.ts';
import { LookSoFar } from '#functions/shared/look-so-far.ts';
import { surveyHandler } from '#functions/survey/handler.ts';
import { AREA, MINUTE, useDeployments } from './deployed.ts';

const deploy = useDeployments();
const MILLION = 1_000_000;

function playLook(memory?: string) {
  let left = 15 * MINUTE;
  const said: string[] = [];
  const environment = memory === undefined ? {} : { AWS_LAMBDA_FUNCTION_MEMORY_SIZE: memory };
  const runtime = {
    environment,
    remaining: () => left,
    log: (_: string, sentence: string) => void said.push(sentence),
  };
  const look = new LookSoFar(runtime, MINUTE);
  return {
    look,
    said,
    pass(minutes: number, objects: number, more: { expected?: number | null; rootsRead?: number } = {}): void {
      left = (15 - minutes) * MINUTE;
      look.take({ objects, bytes: 0, expected: 40 * MILLION, roots: 0, rootsRead: 0, ...more });
    },
  };
}

describe('A look that will not be finished in time', () => {
  it('says so once, as soon as its pace tells', () => {
    // Prepare
    const { said, pass } = playLook('3008');

    // Act
    pass(0.1, 100_000);
    pass(1, 3 * MILLION);
    pass(2, 6 * MILLION);

    // Assess
    expect(said).toEqual([
      'This look will not be finished. 3,000,000 of about 40,000,000 objects were listed in 1 min. At that pace the whole area takes about 40 min, and a function has 14 min. No size of function is enough for that: "shards": "auto" under "deploy" has it collected by many functions at once; or name a narrower area ("area").',
    ]);
  });

  it('says which memory is enough, before a page of it is listed where the last run tells', () => {
    const { said, pass } = playLook('2048');

    pass(0.1, 100_000);

    expect(said).toEqual([
      'This look will not be finished. 100,000 of about 40,000,000 objects were listed in 6 s. So many objects take about 2,624 MiB of memory, and this function has 2,048 MiB. "memory": 2624 under "deploy" in steward.json is enough for that.',
    ]);
  });

  it('says nothing where there is time', () => {
    const { said, pass } = playLook('3008');

    pass(1, 20 * MILLION);

    expect(said).toEqual([]);
  });

  it('is judged by its listing, not by the roots that it reads afterwards', () => {
    const { look, said, pass } = playLook();

    pass(2, 40 * MILLION);
    pass(9, 40 * MILLION, { rootsRead: 1 });

    expect(said).toEqual([]);
    expect(look.advise()).toMatch(/^40,000,000 of about 40,000,000 objects were listed in 2 min\./);
  });
});

describe('A function whose time is over', () => {
  it('says how far its look came', async () => {
    // Prepare
    const deployed = await deploy({ area: [AREA] });
    const runtime = { ...deployed.runtime(), remaining: () => LONG_MARGINS.soft + 20 };

    // Act
    const action = withDeadline('survey', runtime, LONG_MARGINS, async ({ soft, onProgress }) => {
      onProgress?.({ objects: 7, bytes: 0, expected: null, roots: 0, rootsRead: 0 });
      await new Promise((resolve) => soft.addEventListener('abort', resolve));
      soft.throwIfAborted();
    });

    // Assess
    await expect(action).rejects.toThrow(DeadlineError);
    await expect(action).rejects.toThrow(
      / by itself\. 7 objects were listed in .+\. Give the functions .+steward audit --ledger\.$/,
    );
  });

  it('is told by the survey how far it is', async () => {
    // Prepare
    const deployed = await deploy({ area: [AREA] });
    const told: number[] = [];
    const never = new AbortController().signal;
    const deadline = { soft: never, hard: never, onProgress: ({ objects }: { objects: number }) => told.push(objects) };

    // Act
    await surveyHandler({}, { ...deployed.runtime(), deadline });

    // Assess
    expect(told.at(-1)).toBeGreaterThan(0);
  });
});
