import * as z from 'zod';

/** `steward slack-preview --json` */
export const slackPreviewDocument = z.strictObject({
  alarm: z.string().describe('name of the alarm'),
  kind: z.string().nullable().describe("its id; null for an alarm that is not the steward's"),
  state: z.enum(['ALARM', 'OK', 'INSUFFICIENT_DATA']),
  text: z.string(),
  blocks: z.array(z.record(z.string(), z.unknown())).describe("for Slack's Block Kit Builder"),
});
