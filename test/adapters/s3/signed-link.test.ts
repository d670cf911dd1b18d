import { beforeEach, describe, expect, it, vi } from 'vitest';
import { signedHtmlLink } from '#adapters/s3/signed-link.ts';
import { BUCKET, useEmbeddedS3 } from '#test/support/embedded-s3.ts';

const serve = useEmbeddedS3();

describe('A signed link', () => {
  beforeEach(() => {
    for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY']) vi.stubEnv(name, 'test');
  });

  it('opens one page in a browser, and says until when', async () => {
    // Prepare
    const { s3 } = await serve();
    s3.put(BUCKET, 'steward/report.html', '<!doctype html>a page');

    // Act
    const link = new URL(
      await signedHtmlLink(BUCKET, 'steward/report.html', { endpoint: s3.url, region: 'us-east-1', pathStyle: true }),
    );

    // Assess
    expect(link.pathname).toBe(`/${BUCKET}/steward/report.html`);
    expect(link.searchParams.get('X-Amz-Expires')).toBe('3600');
    expect(link.searchParams.get('response-content-type')).toBe('text/html; charset=utf-8');
    expect(await (await fetch(link)).text()).toBe('<!doctype html>a page');
  });
});
