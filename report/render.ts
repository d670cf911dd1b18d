import { createHash } from 'node:crypto';
import type { PageText } from './bundle-page.ts';
import type { ReportDocument } from './model/document.ts';
import { pageText } from './page-text.ts';

/** The report as one HTML page without external resources. */

/** UTF-8; to be served as `text/html; charset=utf-8`. */
export async function renderReport(document: ReportDocument): Promise<string> {
  return pageOf(document, await pageText());
}

/**
 * Names from a bucket are only in the JSON, and the page shows them as text. As a second defence, the content security
 * policy allows no script except the page's own, and no network request.
 */
export function pageOf(document: ReportDocument, { script, style }: PageText): string {
  if (/<\/script|<!--/i.test(script) || /<\/style/i.test(style)) {
    throw new Error("The page's own script or style would end its element early. Build it for inlining.");
  }
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(script)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>Flink Steward report</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<div id="page"><noscript><p>This report draws itself with JavaScript, which is switched off here. It needs no network.</p></noscript></div>
<script type="application/json" id="report">${jsonForHtml(document)}</script>
<script>${script}</script>
</body>
</html>
`;
}

/** Inline styles are allowed because the charts set them on their elements. */
function policy(script: string): string {
  const hash = createHash('sha256').update(script, 'utf8').digest('base64');
  return `default-src 'none'; script-src 'sha256-${hash}'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'`;
}

/** JSON without characters that HTML or old JavaScript could interpret: no markup, no U+2028 and U+2029. */
export function jsonForHtml(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
