import {
  type CollectionTag,
  type Document,
  isNode,
  LineCounter,
  Pair,
  parseDocument,
  Scalar,
  type ScalarTag,
  YAMLMap,
} from 'yaml';
import { ConfigError } from '#config/config-error.ts';
import type { ParsedFile } from '#config/rule-files/parsed-file.ts';

/** The short forms of CloudFormation's functions; `!Ref` and `!Condition` are the names themselves. */
const FUNCTIONS = [
  ...[
    'Ref',
    'Condition',
    'Base64',
    'Cidr',
    'FindInMap',
    'ForEach',
    'GetAtt',
    'GetAZs',
    'ImportValue',
    'Join',
    'Length',
  ],
  ...['Select', 'Split', 'Sub', 'ToJsonString', 'Transform', 'And', 'Equals', 'If', 'Not', 'Or'],
];

/** A template in YAML as it would be in JSON. @throws ConfigError with line and column where it is no YAML */
export function parseYaml(text: string, source: string): ParsedFile {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, {
    lineCounter,
    customTags: TAGS,
    prettyErrors: false,
    logLevel: 'error',
    merge: true,
  });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lineCounter.linePos(error.pos[0]);
    throw new ConfigError(
      `${source}:${line}:${col}: ${error.message.replace(/\.$/, '')}, so the file is refused. Mend it there, or give it as JSON.`,
    );
  }
  return {
    value: plainValue(document, source),
    lineOf: (path) => {
      const node = document.getIn(path, true);
      return isNode(node) && node.range ? lineCounter.linePos(node.range[0]).line : null;
    },
  };
}

/** @throws ConfigError where an alias contains itself, or stands for more than any template has */
function plainValue(document: Document.Parsed, source: string): unknown {
  try {
    return JSON.parse(JSON.stringify(document.toJS({ maxAliasCount: 1_000 }) ?? null));
  } catch (error) {
    throw new ConfigError(
      `${source}: an alias contains itself, or aliases stand for too much, so the file is refused. Write out what they stand for.`,
      { cause: error },
    );
  }
}

function longName(name: string): string {
  return name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`;
}

const TAGS: (ScalarTag | CollectionTag)[] = FUNCTIONS.flatMap((name) => {
  const key = longName(name);
  return [
    {
      tag: `!${name}`,
      resolve: (text: string) => ({ [key]: name === 'GetAtt' ? text.split('.') : text }),
    } satisfies ScalarTag,
    ...(['seq', 'map'] as const).map(
      (collection): CollectionTag => ({
        tag: `!${name}`,
        collection,
        resolve: (argument) => called(key, argument),
      }),
    ),
  ];
});

function called(key: string, argument: unknown): YAMLMap {
  const map = new YAMLMap();
  map.items.push(new Pair(new Scalar(key), argument));
  return map;
}
