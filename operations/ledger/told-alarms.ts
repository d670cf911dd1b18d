import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { ToldAlarms } from '#core/slack/telling.ts';
import type { LedgerStore } from '#ports/ledger-store.ts';
import { JsonDocument } from './json-document.ts';
import { LedgerError } from './ledger-error.ts';

/** What people have heard of each alarm, one small document for each. */

/** Where the ledger keeps them. */
export const TOLD_FOLDER = 'told';

const toldSchema = z.object({
  told: z.literal(1),
  alarm: z.string(),
  heard: z.array(z.object({ key: z.string(), state: z.enum(['ALARM', 'OK', 'INSUFFICIENT_DATA']), at: z.int() })),
  /** Who is telling at the moment, and until when others leave it to them: epoch milliseconds. */
  telling: z.object({ by: z.string(), until: z.int() }).nullable(),
});
type ToldRecord = z.output<typeof toldSchema>;

/** Somebody else tells of the same alarm, and is not done. */
export class BusyError extends LedgerError {}

/** Without the claim, somebody else is telling of this alarm at the moment. */
export type Claim = { readonly claimed: true; readonly told: ToldAlarms } | { readonly claimed: false };

/** The record of one alarm. Of several that tell of it at once, one has the claim, and the others wait for what it did. */
export class ToldAlarm {
  readonly #document: JsonDocument<ToldRecord>;
  readonly #empty: ToldRecord;
  readonly #by: string;

  /** @param by a name that no other invocation has. */
  constructor(ledger: LedgerStore, alarm: string, by: string) {
    const name = createHash('sha256').update(alarm).digest('hex').slice(0, 32);
    this.#document = new JsonDocument(ledger, `${TOLD_FOLDER}/${name}`, toldSchema);
    this.#empty = { told: 1, alarm, heard: [], telling: null };
    this.#by = by;
  }

  /** What was told, to find out whether there is anything to tell. @throws StoreError, LedgerError */
  async read(): Promise<ToldAlarms> {
    return toldOf((await this.#document.read())?.value ?? this.#empty);
  }

  /**
   * Keeps others from telling meanwhile.
   *
   * @param now epoch milliseconds.
   * @param span milliseconds after which the claim lapses, because its holder has died.
   * @throws StoreError, LedgerError
   */
  async claim(now: number, span: number): Promise<Claim> {
    const known = await this.#document.read();
    const value = known?.value ?? this.#empty;
    if (value.telling !== null && value.telling.by !== this.#by && value.telling.until > now) {
      return { claimed: false };
    }
    const claimed = { ...value, telling: { by: this.#by, until: now + span } };
    const isOurs = await this.#document.write(claimed, known?.tag ?? null);
    return isOurs ? { claimed: true, told: toldOf(value) } : { claimed: false };
  }

  /** Gives the claim back. @param told what people have heard by now; null where nothing was told. */
  async release(told: ToldAlarms | null): Promise<void> {
    await this.#document.update(
      () => this.#empty,
      (value) => ({
        ...value,
        heard: told === null ? value.heard : [...told].map(([key, { state, at }]) => ({ key, state, at })),
        telling: value.telling?.by === this.#by ? null : value.telling,
      }),
    );
  }
}

function toldOf({ heard }: ToldRecord): ToldAlarms {
  return new Map(heard.map(({ key, state, at }) => [key, { state, at }]));
}
