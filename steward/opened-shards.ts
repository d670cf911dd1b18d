import { createHash } from 'node:crypto';
import * as z from 'zod';
import { retentionOf } from '#config/retention.ts';
import { LedgerError } from '#operations/ledger/ledger-error.ts';
import { readState } from '#operations/ledger/state.ts';
import { ONE, type ShardContext, shardContext } from '#operations/shards/context.ts';
import { ShardFiles } from '#operations/shards/shard-files.ts';
import { billingOf } from './billing.ts';
import { buildId } from './build-id.ts';
import { checkSurroundings, LOOK, type ScopePass } from './check-surroundings.ts';
import type { LedgeredSteward } from './steward.ts';

/** A run in shards, as each process that works for it takes it up. */

/** What comes before the first phase. */
export const BEGIN = 'begin';
const beginSchema = z.object({ began: z.number(), shards: z.int().min(1), configuration: z.string() });

/** All items of a run must know the same area, by the same rules, in the same code. Whether the mode lets it delete, an item asks by itself. */
export function configurationOf({ config, input }: LedgeredSteward): string {
  const { mode: _, ...rules } = config;
  const places = input.locations.map(({ area }) => area);
  return createHash('sha256')
    .update(JSON.stringify([rules, places, buildId()]))
    .digest('hex');
}

/** A run that goes on. */
export interface OpenedRun {
  readonly context: ShardContext;
  readonly begin: z.output<typeof beginSchema>;
}

/** @throws LedgerError where another configuration or code is deployed than when it began; LostPartError, StoreError */
export async function openRun(
  steward: LedgeredSteward,
  run: string,
  { scope = LOOK, signal }: { readonly scope?: ScopePass; readonly signal?: AbortSignal | undefined } = {},
): Promise<OpenedRun> {
  const { ledger, input, config } = steward;
  const files = new ShardFiles(ledger, run);
  const begin = beginSchema.parse((await files.read(BEGIN, ONE)).facts);
  if (begin.configuration !== configurationOf(steward)) {
    throw new LedgerError(
      `Run ${run} in shards began under another configuration or another version of the code than what is deployed now, so it ends here. What it deleted is on record; the next collection begins anew.`,
    );
  }
  const context = shardContext({
    input: signal === undefined ? input : { ...input, signal },
    ledger,
    files,
    shards: begin.shards,
    verdicts: false,
    protect: config.protect,
    jobs: { labels: config.labels, billing: async () => await billingOf(config, steward.locations) },
    ...(config.retain.length === 0 ? {} : { retention: (known) => retentionOf(config, known) }),
    surroundings: async () => {
      const state = await readState(ledger);
      const acts = config.mode === 'collect';
      return (await checkSurroundings(steward, { pass: scope, acts, state, signal })).undecidable;
    },
  });
  return { context, begin };
}
