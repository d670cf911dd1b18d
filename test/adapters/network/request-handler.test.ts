import { setTimeout as pause } from 'node:timers/promises';
import { HttpRequest } from '@smithy/core/protocols';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { requestHandler } from '#adapters/network/request-handler.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('A handler of requests', () => {
  it('keeps what is wrong with the authorities for the first request, however late that is', async () => {
    vi.stubEnv('AWS_CA_BUNDLE', '/nowhere/authorities.pem');
    const unhandled: unknown[] = [];
    const add = (error: unknown) => void unhandled.push(error);
    process.on('unhandledRejection', add);

    const handler = requestHandler({ connectionTimeout: 1_000, requestTimeout: 1_000 });
    await pause(50);
    const request = new HttpRequest({ protocol: 'https:', hostname: '127.0.0.1', port: 1, path: '/' });

    await expect(handler.handle(request)).rejects.toThrow('AWS_CA_BUNDLE names /nowhere/authorities.pem');
    expect(unhandled).toEqual([]);
    process.off('unhandledRejection', add);
  });
});
