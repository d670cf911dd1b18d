/** The reader as a module of its own, which a process can load when it measures how long that takes. */
export { MetadataParser } from '#core/flink/metadata/metadata-parser.ts';
export { parseMetadata } from '#core/flink/metadata/read-metadata.ts';
