import * as z from 'zod';
import { refuse, text } from './field-schemas.ts';

const JOB_ID_LENGTH = 32;
/** A whole job id, or its first digits followed by an ellipsis. */
const JOB_ID_OR_START = /^(?:[0-9a-fA-F]{32}|[0-9a-fA-F]{4,31}\u2026)$/;
const PLACEHOLDER = /\{([A-Za-z][A-Za-z0-9_]*)\}/g;

/** A name for jobs: by the folders of their keys, or by job id. `jobId` is the whole job id or its first digits. */
export type LabelRule =
  | { readonly path: string; readonly job: string }
  | { readonly jobId: string; readonly job: string };

const writtenSchema = z.strictObject({
  path: z
    .string({ error: 'Write a pattern such as "flink/checkpoints/{region}/{jobId}".' })
    .min(1)
    .optional()
    .describe(
      'Folders of a key, with {names} for the parts that vary and ** for any number of folders, such as "flink/checkpoints/{region}/{jobId}" or "**/{jobId}". Set either this or "jobId".',
    ),
  jobId: text(JOB_ID_OR_START, 'Write 32 hex digits, or at least the first four and an ellipsis, such as "f1646f…".')
    .optional()
    .describe(
      'The job id: 32 hex digits, or at least the first four followed by an ellipsis, such as "f1646f…". Set either this or "path".',
    ),
  job: z
    .string({ error: 'Write the name of the job.' })
    .min(1, { error: 'Write the name of the job.' })
    .describe('The label. It may use the {names} of "path".'),
});

export const labelSchema = z.codec(writtenSchema, z.custom<LabelRule>(), {
  decode: ({ path, jobId, job }, context) => {
    if (path !== undefined && jobId === undefined) {
      const problem = templateProblem(path, job);
      return problem === undefined ? { path, job } : refuse(context, problem);
    }
    return jobId !== undefined && path === undefined
      ? { jobId: jobId.replace('…', '').toLowerCase(), job }
      : refuse(context, 'Set either "path" or "jobId".');
  },
  encode: (rule) =>
    'path' in rule || rule.jobId.length === JOB_ID_LENGTH ? rule : { ...rule, jobId: `${rule.jobId}…` },
});

function templateProblem(path: string, job: string): string | undefined {
  const [inPath, inJob] = [placeholders(path), placeholders(job)];
  const doubled = inPath.find((name, index) => inPath.indexOf(name) !== index);
  if (doubled !== undefined) {
    return `Give each folder of "path" its own name: {${doubled}} appears twice.`;
  }
  const unknown = inJob.find((name) => !inPath.includes(name));
  if (unknown !== undefined) {
    return `Put {${unknown}} into "path" too, or remove it from "job".`;
  }
  const spreads = path.split('/').filter((folder) => folder.includes('**'));
  if (spreads.length > 1 || spreads.some((folder) => folder !== '**')) {
    return 'Write ** once, and as a whole folder, such as "**/{jobId}".';
  }
  return /[{}]/.test(`${path}${job}`.replaceAll(PLACEHOLDER, ''))
    ? 'Write braces in pairs, around a name of letters, digits and _, such as {region}.'
    : undefined;
}

function placeholders(template: string): string[] {
  return [...template.matchAll(PLACEHOLDER)].map((match) => match[1] ?? '');
}
