/**
 * Secrets in texts that people read. Old jobs stored the credentials of their bucket in their paths
 * (`s3a://KEY:SECRET@bucket/…`, Hadoop 2), and a `_metadata` keeps such a path for as long as it lives.
 */

const HIDDEN = '***';

/**
 * `scheme://user:password@`. A secret key may hold slashes. Digits alone before a slash are a port, and what stands in
 * quotes or angle brackets ends there.
 */
const CREDENTIALS = /([A-Za-z][A-Za-z0-9+.-]*:\/\/)[^\s/@:"'<>]*:(?!\d+(?:[/\s"'<>]|$))[^\s@"'<>]*@/g;
/** What makes a signed link work: of AWS, in its present and its old form, and of Azure. */
const SIGNATURES = /([?&](?:X-Amz-(?:Signature|Credential|Security-Token)|Signature|AWSAccessKeyId|sig)=)[^&\s"'<>]+/gi;
/** Who knows the address of a webhook may post. */
const WEBHOOKS = /(https:\/\/hooks\.slack(?:-gov)?\.com\/[a-z]+\/)[A-Za-z0-9][^\s"'<>)|]*/g;

/** The text, with `***` in place of credentials in URLs, signatures of signed links, and the ends of Slack webhooks. */
export function maskSecrets(text: string): string {
  return maskCredentials(text).replace(SIGNATURES, `$1${HIDDEN}`).replace(WEBHOOKS, `$1${HIDDEN}`);
}

/** The text, with `***` in place of credentials in URLs only. */
export function maskCredentials(text: string): string {
  return text.includes('@') ? text.replace(CREDENTIALS, `$1${HIDDEN}@`) : text;
}
