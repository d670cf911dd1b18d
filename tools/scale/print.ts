import { scaleTable } from './table.ts';

/**
 * Prints what a collection in shards takes, for areas of several sizes.
 *
 * usage: tsx tools/scale/print.ts
 */
console.log(scaleTable());
