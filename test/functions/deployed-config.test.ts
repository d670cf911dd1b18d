import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deployedConfig } from '#functions/shared/deployed-config.ts';
import { useTempDirectories } from '#test/support/temp-directory.ts';

const makeDirectory = useTempDirectories();

describe('The configuration of a function', () => {
  it('is what its environment says, rather than a file', async () => {
    // Prepare
    const folder = await makeDirectory({ 'steward.json': '{"mode": "observe"}' });

    // Act
    const { mode, area } = await deployedConfig({
      STEWARD_CONFIG: join(folder, 'steward.json'),
      STEWARD_JSON: '{"area":["s3://my-bucket/flink"],"mode":"collect"}',
    });

    // Assess
    expect([mode, area]).toEqual(['collect', [{ kind: 's3', url: 's3://my-bucket/flink' }]]);
  });

  it('is a file where its environment has only the path of one', async () => {
    // Prepare
    const folder = await makeDirectory({ 'steward.json': '{"mode": "collect"}' });

    // Act
    const { mode } = await deployedConfig({ STEWARD_CONFIG: join(folder, 'steward.json'), STEWARD_JSON: '' });

    // Assess
    expect(mode).toBe('collect');
  });

  it('is refused with the sentence that a file gets', async () => {
    await expect(deployedConfig({ STEWARD_JSON: '{"mode":"delete"}' })).rejects.toThrow(
      /^STEWARD_JSON:1:2: mode is "delete"/,
    );
  });

  it('must be there', async () => {
    await expect(deployedConfig({})).rejects.toThrow('The environment variable STEWARD_CONFIG is not set');
  });
});
