import type { Buffer } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { maskSecrets } from '#core/secrets.ts';
import { BadEventError } from '#functions/shared/bad-event.ts';
import type { DeployedSteward } from '#functions/shared/open-steward.ts';
import type { Runtime } from '#functions/shared/runtime.ts';
import { isRequestError } from '#steward/expected-errors.ts';
import { RefusedError } from '#steward/refusals.ts';
import { pack, type Whole } from '#steward/stack/packed.ts';
import { AskedError } from './session.ts';

/** The whole of an answer. What is too long for one answer is left in the ledger and read from there in pages. */

export interface Page {
  /** Base64. */
  readonly gzip: string;
  /** What to ask for next; null at the end. */
  readonly more: { readonly of: string; readonly from: number } | null;
}

/** Bytes. Lambda takes answers of 6 MB, and base64 makes them a third longer. */
const MOST = 3_000_000;

/** @param most bytes in a page. */
export async function firstPage(
  whole: Whole,
  { ledger }: Pick<DeployedSteward, 'ledger'>,
  { clock }: Pick<Runtime, 'clock'>,
  most: number = MOST,
): Promise<Page> {
  const packed = packMasked(whole);
  if (packed.length <= most) return { gzip: packed.toString('base64'), more: null };
  const time = new Date(clock()).toISOString().replace(/[-:]/g, '');
  const of = `results/${time}-${randomUUID()}.gz`;
  await ledger.writeFile(of, packed);
  return pageOf(packed, of, 0, most);
}

/** @throws AskedError where there is no such result. */
export async function nextPage(
  { of, from }: { readonly of: string; readonly from: number },
  { ledger }: Pick<DeployedSteward, 'ledger'>,
): Promise<Page> {
  const chunks = await ledger.readFile(of);
  if (chunks === null) throw new AskedError(`${of} is not in the ledger, so it can't be read on. Ask again.`);
  return pageOf(await buffer(chunks), of, from, MOST);
}

/** A failure is short, and its reason may be the ledger itself. */
export function failurePage(error: Error, sentence: string): Page {
  const refusal = error instanceof RefusedError ? error.refusal : null;
  const isRequest = isRequestError(error) || error instanceof AskedError || error instanceof BadEventError;
  const failure = { message: refusal === null ? sentence : error.message, isRequest, refusal };
  return { gzip: packMasked({ failure }).toString('base64'), more: null };
}

function pageOf(packed: Buffer, of: string, from: number, most: number): Page {
  const end = from + most;
  return {
    gzip: packed.subarray(from, end).toString('base64'),
    more: end < packed.length ? { of, from: end } : null,
  };
}

/** Compressed text can't be masked any more. */
function packMasked(whole: Whole): Buffer {
  return pack(JSON.parse(maskSecrets(JSON.stringify(whole))));
}
