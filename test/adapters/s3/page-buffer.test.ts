import { Buffer } from 'node:buffer';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { PageBuffer } from '#adapters/s3/page-buffer.ts';

describe('the memory of a page', () => {
  it('gathers a body of many chunks, longer than usual, and leaves none of it to the next page', async () => {
    const chunks = Array.from({ length: 40 }, (_, index) => Buffer.alloc(65_536, index + 1));
    const long = new PageBuffer();
    expect((await long.collect(Readable.from(chunks))).equals(Buffer.concat(chunks))).toBe(true);
    long.release();

    const short = new PageBuffer();
    expect((await short.collect(Readable.from([Buffer.from('a'), Buffer.from('b')]))).toString()).toBe('ab');
    short.release();
  });

  it('is nobody else’s while a page is read, however many are', async () => {
    const pages = Array.from({ length: 100 }, () => new PageBuffer());
    const bodies = await Promise.all(pages.map((page, index) => page.collect(Buffer.alloc(600, index))));

    expect(bodies.map((body) => body.equals(Buffer.alloc(600, body[0])))).toEqual(bodies.map(() => true));
    expect(new Set(bodies.map((body) => body[0])).size).toBe(100);
    for (const page of pages) {
      page.release();
    }
  });

  it('refuses what is no body, and one that breaks off', async () => {
    const [one, other] = [new PageBuffer(), new PageBuffer()];
    await expect(one.collect('<xml/>')).rejects.toThrow('The listing was answered without a body');
    const broken = new Readable({ read: () => undefined });
    const collected = other.collect(broken);
    broken.destroy();
    await expect(collected).rejects.toThrow('The connection ended within a page of the listing');
    one.release();
    other.release();
  });
});
