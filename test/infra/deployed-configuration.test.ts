import { describe, expect, it } from 'vitest';
import type { Resource, Synthesised } from './synthesise.ts';
import { synthesise, useSynthesis } from './synthesise.ts';

useSynthesis();

function ofType({ resources }: Synthesised, type: string): readonly Resource[] {
  return Object.values(resources).filter(({ Type }) => Type === type);
}

/** Of the functions that read the configuration, which is all but one. */
function variables(synthesised: Synthesised): readonly Readonly<Record<string, unknown>>[] {
  return ofType(synthesised, 'AWS::Lambda::Function')
    .map(({ Properties }) => (Properties.Environment as { Variables: Record<string, unknown> }).Variables)
    .filter(({ STEWARD_LEDGER }) => STEWARD_LEDGER !== undefined);
}

describe('The configuration of a deployment', () => {
  const configuration = { area: ['s3://my-bucket/flink'], mode: 'collect' } as const;

  it('comes in a layer', () => {
    // Act
    const synthesised = synthesise(configuration);

    // Assess
    expect(ofType(synthesised, 'AWS::Lambda::LayerVersion')).toHaveLength(1);
    expect(variables(synthesised).map(({ STEWARD_CONFIG }) => STEWARD_CONFIG)).toEqual(
      Array.from({ length: 8 }, () => '/opt/steward.json'),
    );
  });

  it('comes in the environment where that is asked for, and there is no layer', () => {
    // Act
    const synthesised = synthesise(configuration, { configurationIn: 'environment' });

    // Assess
    expect(ofType(synthesised, 'AWS::Lambda::LayerVersion')).toEqual([]);
    expect(JSON.stringify(synthesised.resources)).not.toMatch(/"Layers"|STEWARD_CONFIG|ConfigurationHash/);
    const text = JSON.stringify(configuration);
    expect(variables(synthesised).map(({ STEWARD_JSON }) => STEWARD_JSON)).toEqual(
      Array.from({ length: 8 }, () => text),
    );
    const [deployed] = ofType(synthesised, 'Custom::FlinkStewardOnDeploy');
    expect(deployed?.Properties.Configuration).toBe(text);
  });

  it('is refused where the environment has no room for it', () => {
    const deadJobs = Array.from({ length: 60 }, (_, at) => at.toString(16).padStart(32, '0'));

    expect(() => synthesise({ ...configuration, deadJobs }, { configurationIn: 'environment' })).toThrow(
      /^The configuration has 2,?\d{3} characters, and the environment of a function has room for 2000 of it\. Set configurationIn to "layer"\. Nothing is synthesised\.$/,
    );
  });
});
