import * as z from 'zod';
import { bucketRules } from './lifecycle.ts';
import { time } from './parts.ts';

const place = {
  file: z.string(),
  resource: z.string().describe('address of Terraform or logical ID of CloudFormation; empty where there is none'),
  line: z.int().nullable().describe('in the file, from 1; null where the file has no lines to speak of'),
};

const loss = z.strictObject({
  effect: z.enum(['expires', 'archives']),
  days: z.int().nullable().describe('after an object was written'),
  date: time.nullable(),
  unwritten: z.string().nullable().describe('what stands in the file in place of the time'),
  storageClass: z.string().nullable().describe('where objects are moved to'),
  unwrittenClass: z.string().nullable().describe('what stands in the file in place of the storage class'),
  largerThan: z.number().nullable().describe('bytes'),
  smallerThan: z.number().nullable().describe('bytes'),
});

const lintedRule = z.strictObject({
  id: z.string().nullable(),
  position: z.int().describe('in the configuration, from 1'),
  status: z.enum(['Enabled', 'Disabled']),
  line: place.line,
  verdict: z
    .enum(['takes', 'undecided', 'harmless', 'elsewhere'])
    .describe('takes: it would delete or archive Flink state; elsewhere: it applies to other keys'),
  elsewhere: z
    .enum(['other-prefix', 'by-name', 'matches-nothing'])
    .nullable()
    .describe(
      'how that is known: by-name: its prefix is called after something else; matches-nothing: no key begins like its prefix; null where it is not elsewhere',
    ),
  certain: z.boolean(),
  condition: z.string().nullable().describe('when it takes the objects, where that is not certain'),
  effect: z.enum(['expires', 'archives', 'harmless', 'unclear']),
  losses: z.array(loss),
  unwritten: z
    .array(
      z.strictObject({
        path: z.string(),
        expression: z.string(),
        taken: z
          .string()
          .nullable()
          .describe('the value that the file tells for it, such as the default of a parameter'),
      }),
    )
    .describe('what is not written out in the rule'),
  notUnderstood: z.array(z.string()),
  notes: z.array(z.string()),
  sentence: z.string(),
});

const lintedBucket = z.strictObject({
  resource: place.resource,
  bucket: z.string().nullable().describe('s3://bucket; null where the file does not tell its name'),
  name: z.string().nullable().describe('the name, or the expression that gives it'),
  state: z.strictObject({
    known: z
      .enum(['named', 'guessed', 'unsure', 'elsewhere', 'unnamed'])
      .describe(
        'unsure: names speak of Flink, and do not tell whether its state is there; elsewhere: no Flink state is known in it; unnamed: the file does not say which bucket it is',
      ),
    prefixes: z.array(z.string()),
    why: z.string().nullable(),
  }),
  hidden: z.string().nullable().describe('why not all of its rules are known'),
  judged: z.boolean().describe('false for a bucket of a kind whose rules are not read'),
  rules: z.array(lintedRule),
  replacement: z
    .strictObject({
      changed: z.boolean(),
      changes: z.array(
        z.strictObject({
          action: z.enum(['kept', 'narrowed', 'removed', 'disabled', 'added', 'replaced']),
          rule: z.string(),
          why: z.string(),
        }),
      ),
      problem: z.string().nullable(),
      language: z.enum(['json', 'yaml', 'terraform', 'typescript']),
      text: z.string(),
    })
    .nullable()
    .describe('null where no rule takes Flink state'),
  live: bucketRules.nullable().describe('with --live: what the rules would do to what is in the bucket now'),
  liveProblem: z.string().nullable().describe('with --live: why that is not known'),
});

const finding = z.strictObject({ kind: z.literal('lifecycle-rule'), ...place, sentence: z.string() });

/** `steward rules lint --json` */
export const rulesLintDocument = z.strictObject({
  start: time,
  files: z.array(z.strictObject({ file: z.string(), kind: z.string(), buckets: z.array(lintedBucket) })),
  ignored: z.array(z.string()).describe('files without lifecycle rules, with --ignore-unknown'),
  findings: z.array(finding),
  undecided: z.array(finding).describe('what nobody can say, because the file does not tell it'),
});
