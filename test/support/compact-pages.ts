import { type CompactPage, PageBuilder, type PageEntry, type PageMemory } from '#core/inventory/compact-page.ts';

/** A page of these objects, each told as texts. */
export function compactPageOf(entries: readonly PageEntry[], memory?: PageMemory): CompactPage {
  const builder = new PageBuilder(memory);
  for (const entry of entries) builder.add(entry);
  return builder.page();
}
