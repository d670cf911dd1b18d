/** A price of storage that holds up to an amount; what lies above it has the next one. */
export interface StorageTier {
  /** Bytes; null for the last one, which has no end. */
  readonly upTo: number | null;
  readonly perGiBMonth: number;
}

/** What a store charges for what is kept in it, and for asking. */
export interface Prices {
  readonly storage: readonly StorageTier[];
  readonly listPer1000: number;
  readonly getPer1000: number;
}

/** The prices of one place. */
export interface PlacePrices extends Prices {
  /** Whose prices these are: a region of AWS, or where else they were said. Places of one name are billed together. */
  readonly of: string;
  /** Whether the region is a guess, since the place's own is not known or not in the table. */
  readonly assumed: boolean;
  /** Whether other storage classes than S3 Standard have prices of their own: see `storage-prices.ts`. */
  readonly billsClasses: boolean;
}

/** A "GB" of AWS's price list. */
const GIB = 1024 ** 3;
const TIB = 1024 ** 4;

/** The first region of AWS: its prices are taken where a place's own are not known. */
const USUAL_REGION = 'us-east-1';
const USUAL = regional([0.023, 0.022, 0.021], 0.005, 0.0004);

/**
 * List prices of Amazon S3, storage class S3 Standard, without taxes, discounts and the free tier.
 *
 * Source: AWS's public price list (https://aws.amazon.com/s3/pricing/). Per region: a GiB-month of the first 50 TiB, of
 * the next 450 TiB, and of what is above; 1,000 requests that list (billed as PUT is); 1,000 requests GET.
 */
export const PRICE_TABLE: {
  /** Year and month of which these prices are. */
  readonly date: string;
  readonly currency: string;
  readonly regions: ReadonlyMap<string, Prices>;
} = {
  date: '2025-10',
  currency: 'USD',
  regions: new Map([
    [USUAL_REGION, USUAL],
    ['us-east-2', USUAL],
    ['us-west-1', regional([0.026, 0.025, 0.024], 0.0055, 0.00044)],
    ['us-west-2', USUAL],
    ['ca-central-1', regional([0.025, 0.024, 0.023], 0.0055, 0.00044)],
    ['sa-east-1', regional([0.0405, 0.039, 0.037], 0.007, 0.00056)],
    ['eu-west-1', USUAL],
    ['eu-west-2', regional([0.024, 0.023, 0.022], 0.0053, 0.00042)],
    ['eu-west-3', regional([0.024, 0.023, 0.022], 0.0053, 0.00042)],
    ['eu-central-1', regional([0.0245, 0.0235, 0.0225], 0.0054, 0.00043)],
    ['eu-north-1', USUAL],
    ['ap-south-1', regional([0.025, 0.024, 0.023], 0.005, 0.0004)],
    ['ap-southeast-1', regional([0.025, 0.024, 0.023], 0.005, 0.0004)],
    ['ap-southeast-2', regional([0.025, 0.024, 0.023], 0.0055, 0.00044)],
    ['ap-northeast-1', regional([0.025, 0.024, 0.023], 0.0047, 0.00037)],
    ['ap-northeast-2', regional([0.025, 0.024, 0.023], 0.0045, 0.00035)],
  ]),
};

function regional(
  [first, next, above]: readonly [number, number, number],
  listPer1000: number,
  getPer1000: number,
): Prices {
  const storage = [
    { upTo: 50 * TIB, perGiBMonth: first },
    { upTo: 500 * TIB, perGiBMonth: next },
    { upTo: null, perGiBMonth: above },
  ];
  return { storage, listPer1000, getPer1000 };
}

/** @param region null where it is not known. */
export function pricesOfRegion(region: string | null): PlacePrices {
  const prices = region === null ? undefined : PRICE_TABLE.regions.get(region);
  return region === null || prices === undefined
    ? { ...USUAL, of: USUAL_REGION, assumed: true, billsClasses: true }
    : { ...prices, of: region, assumed: false, billsClasses: true };
}

/** What so many bytes cost a month, each tier at its own price. */
export function storageCost(bytes: number, { storage }: Prices): number {
  let cost = 0;
  let below = 0;
  for (const { upTo, perGiBMonth } of storage) {
    const end = Math.min(bytes, upTo ?? bytes);
    cost += ((end - below) / GIB) * perGiBMonth;
    below = end;
  }
  return cost;
}

/** How many requests a store was sent. */
export interface Requests {
  readonly list: number;
  readonly get: number;
}

/** What requests cost, in the currency of the prices. */
export function requestCost(
  { list, get }: Requests,
  { listPer1000, getPer1000 }: Pick<Prices, 'listPer1000' | 'getPer1000'>,
): number {
  return (list * listPer1000 + get * getPer1000) / 1_000;
}
