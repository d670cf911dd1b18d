/**
 * Run as a process of its own, so that nothing else is in its memory and its heap can be limited: reads a `_metadata`
 * with inline state of as many bytes as the first argument says, then one of a sixteenth of that with references, and
 * prints what it found and by how many bytes the process grew.
 */
import { MetadataParser } from '#core/flink/metadata/metadata-parser.ts';
import { fileHeavyMetadata, inlineHeavyMetadata, type LargeMetadata } from './large-metadata.ts';

const bytes = Number(process.argv[2]);

function read(file: LargeMetadata): { references: number; inlineBytes: number; fileBytes: number } {
  const parser = new MetadataParser({ reference: () => undefined });
  for (const chunk of file.chunks()) {
    parser.write(chunk);
  }
  const summary = parser.end();
  return {
    references: summary.references,
    inlineBytes: Number(summary.inlineBytes),
    fileBytes: summary.fileBytes,
  };
}

// A first, small round makes the process as large as its code is; growth counts from there.
read(inlineHeavyMetadata(4 * 1024 * 1024));
read(fileHeavyMetadata(4 * 1024 * 1024));
const before = process.resourceUsage().maxRSS;
const inline = read(inlineHeavyMetadata(bytes));
const files = read(fileHeavyMetadata(bytes / 16));
const grownBytes = (process.resourceUsage().maxRSS - before) * 1024;
console.log(JSON.stringify({ inline, files, grownBytes }));
