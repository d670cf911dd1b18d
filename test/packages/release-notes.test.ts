import { describe, expect, it } from 'vitest';
import { ReleaseError, releaseNotes } from '#tools/package/release-notes.ts';

const CHANGELOG = `# Changelog

## [Unreleased]

- Of tomorrow.

## [1.1.0] - 2027-02-01

### Added

- Of today.

## [1.0.0] - 2027-01-01

- Of yesterday.

[Unreleased]: https://example.org/compare/v1.1.0...HEAD
[1.0.0]: https://example.org/releases/v1.0.0
`;

describe('The notes of a release', () => {
  it('are the section of its version', () => {
    expect(releaseNotes('v1.1.0', '1.1.0', CHANGELOG)).toBe('### Added\n\n- Of today.\n');
  });

  it('have none of the addresses at the end of the changelog', () => {
    expect(releaseNotes('v1.0.0', '1.0.0', CHANGELOG)).toBe('- Of yesterday.\n');
  });

  it.each(['1.1.0', 'v1.1', 'v1.1.0-rc.1', 'v2.0.0', ''])('are refused for the tag %j of version 1.1.0', (tag) => {
    expect(() => releaseNotes(tag, '1.1.0', CHANGELOG)).toThrow(
      new ReleaseError(
        `The tag is ${tag}, but package.json says version 1.1.0, so nothing is released. Tag the commit with that version as v1.1.0.`,
      ),
    );
  });

  it.each([
    ['is not there', CHANGELOG.replace('## [1.1.0]', '## [1.2.0]')],
    ['is empty', '## [1.1.0] - 2027-02-01\n\n## [1.0.0] - 2027-01-01\n\n- Of yesterday.\n'],
    ['belongs to a longer version', '## [1.1.0-rc.1] - 2027-01-30\n\n- Of a candidate.\n'],
  ])('are refused where the section %s', (_, changelog) => {
    expect(() => releaseNotes('v1.1.0', '1.1.0', changelog)).toThrow(
      new ReleaseError(
        'CHANGELOG.md says nothing of version 1.1.0, so nothing is released. Rename its section [Unreleased] to "[1.1.0] - " and the day, and tag that commit.',
      ),
    );
  });
});
