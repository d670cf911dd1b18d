/**
 * The limits of a Slack message. Slack refuses a message beyond any of them as a whole (`invalid_blocks`), so nobody
 * would see the alarm. Source: Slack's reference of Block Kit, and of incoming webhooks.
 */
export const SLACK_LIMITS = {
  blocks: 50,
  /** Characters of a section's text. */
  sectionText: 3_000,
  fields: 10,
  /** Characters of each field. */
  fieldText: 2_000,
  /** Characters of a header, which is plain text. */
  headerText: 150,
  contextElements: 10,
  /** Characters of each text in a context block. */
  contextText: 2_000,
  /** Characters of the whole message, as JSON. Not documented; beyond some 13,000 webhooks begin to refuse. */
  message: 13_000,
} as const;
