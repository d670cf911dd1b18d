import type { LintReport } from '../rule-files/lint-report.ts';

/**
 * Findings of a lint as SARIF 2.1.0 (OASIS), which code hosts and editors show at the lines of files.
 */

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';
const HELP = 'https://github.com/flink-steward/flink-steward/blob/main/docs/lint.md';

/** Stable names of what is found. */
const RULES = [
  {
    id: 'flink-state-taken',
    shortDescription: { text: 'A lifecycle rule deletes or archives state of Apache Flink' },
    fullDescription: {
      text: 'Checkpoints need files of earlier checkpoints, which Flink does not write again. A lifecycle rule that deletes or archives objects by age breaks the newest checkpoint of running jobs too.',
    },
    helpUri: `${HELP}#what-it-finds`,
    defaultConfiguration: { level: 'error' },
  },
  {
    id: 'flink-state-undecided',
    shortDescription: { text: 'It is not known whether a lifecycle rule takes state of Apache Flink' },
    fullDescription: {
      text: 'What the file does not tell makes the difference, such as a prefix that is known only after apply.',
    },
    helpUri: `${HELP}#what-a-file-does-not-tell`,
    defaultConfiguration: { level: 'warning' },
  },
] as const;

/** @param version of this command. */
export function sarifOf({ findings, undecided }: LintReport, version: string): object {
  return {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'flink-steward',
            informationUri: 'https://github.com/flink-steward/flink-steward',
            ...(/^\d+\.\d+\.\d+/.test(version) ? { semanticVersion: version } : { version }),
            rules: RULES,
          },
        },
        results: [...findings.map((found) => resultOf(found, 0)), ...undecided.map((found) => resultOf(found, 1))],
      },
    ],
  };
}

function resultOf({ file, resource, line, sentence }: LintReport['findings'][number], rule: 0 | 1): object {
  return {
    ruleId: RULES[rule].id,
    ruleIndex: rule,
    level: RULES[rule].defaultConfiguration.level,
    message: { text: resource === '' ? sentence : `${resource}: ${sentence}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(file) },
          region: { startLine: line ?? 1 },
        },
        ...(resource === '' ? {} : { logicalLocations: [{ fullyQualifiedName: resource, kind: 'resource' }] }),
      },
    ],
  };
}

/** A relative reference, as SARIF asks for: parts separated by slashes, anything else that is no part of one encoded. */
function uriOf(file: string): string {
  return file.replaceAll('\\', '/').replace(/^\.\//, '').split('/').map(encodeURIComponent).join('/');
}
