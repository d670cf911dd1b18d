import * as z from 'zod';

/** `steward verify-run --json` */
export const verifyRunDocument = z.strictObject({
  runs: z
    .array(
      z.strictObject({
        run: z.string(),
        proof: z
          .enum(['proven', 'not-proven', 'no-certificate'])
          .describe('no-certificate: of a run that wrote none, and of which the log shows nothing wrong'),
        why: z.string().nullable().describe('why there is no certificate'),
        notes: z.array(z.string()).describe('what else limits the proof, in sentences'),
        deletions: z.int().describe('objects and roots that the run set out to delete'),
        roots: z
          .strictObject({
            certified: z.int(),
            readAgain: z.int().describe('still what the run has read'),
            gone: z.int().describe('deleted or changed since: their digests stand for them'),
            unread: z.int().describe('could not be read, by the run or now'),
          })
          .nullable()
          .describe('null where no root was read again'),
        certificate: z.string().nullable().describe('SHA-256 of the certificate as it lies in the ledger'),
        findings: z.array(
          z.strictObject({
            rule: z
              .string()
              .describe('the rule that was broken, as docs/safety.md calls it; or log, certificate, chain, record'),
            url: z.string().nullable(),
            sentence: z.string(),
          }),
        ),
      }),
    )
    .describe('newest first'),
});
