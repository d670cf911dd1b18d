import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { STATUS } from '#cli/errors.ts';
import { VARIABLES } from '#cli/variables.ts';
import { leafCommands } from '#test/docs/doc-commands.ts';
import { manPage } from '#tools/package/man-page.ts';
import { paragraphs } from '#tools/package/roff.ts';

const PAGE = manPage({ version: '1.2.3', homepage: 'https://example.org' });
/** As it is read, apart from how it is set. */
const READ = PAGE.replaceAll('\\-', '-')
  .replaceAll('\\(aq', "'")
  .replaceAll('\\(dq', '"')
  .replaceAll(/\\\[u(\w+)\]/g, (_, code) => String.fromCodePoint(Number.parseInt(code, 16)));

/** What a program says of the page; null where there is no such program. */
function saidBy(program: string, args: readonly string[]): { status: number | null; out: string; err: string } | null {
  const { error, status, stdout, stderr } = spawnSync(program, args, { input: PAGE, encoding: 'utf8' });
  return error === undefined ? { status, out: stdout, err: stderr } : null;
}

const GROFF = saidBy('groff', ['-man', '-ww', '-Tutf8', '-P-c', '-rLL=500n']);
const MANDOC = saidBy('mandoc', ['-T', 'lint', '-W', 'warning']);

describe('The page of man steward', () => {
  it('has its sections in the usual order', () => {
    expect([...PAGE.matchAll(/^\.SH (.*)$/gm)].map(([, name]) => name)).toEqual([
      ...['NAME', 'SYNOPSIS', 'DESCRIPTION', 'COMMANDS', 'OPTIONS', 'EXIT STATUS', 'ENVIRONMENT', 'FILES', 'SEE ALSO'],
    ]);
    expect(PAGE).toContain('\n.SH NAME\nsteward \\- keeps the S3 bucket of Apache Flink\\(aqs checkpoints small');
    expect(PAGE.split('\n')[0]).toBe('.TH STEWARD 1 "" "flink-steward 1.2.3"');
  });

  it('tells of every command and option, with what it does', () => {
    for (const [name, command] of leafCommands()) {
      const section = READ.split(/^\.S[SH] /m).find((each) => new RegExp(`^"?${name}[ "]`).test(each)) ?? '';
      expect(section, name).toContain(command.description().split('\n')[0]);
      for (const { long, description } of command.options) {
        expect(READ, `${name} ${long}`).toContain(long);
        expect(READ, `${name} ${long}`).toContain(description);
      }
    }
  });

  it('tells of exit statuses, variables and files', () => {
    const told = [...READ.matchAll(/\b(\d) (?:success|findings|wrong|undecidable)/g)].map(([, status]) =>
      Number(status),
    );
    expect(told).toEqual([STATUS.well, STATUS.findings, STATUS.usage, STATUS.undecidable]);
    for (const variable of [...Object.values(VARIABLES), 'STEWARD_STACK', 'steward.json']) {
      expect(READ).toContain(`\\fB${variable}\\fR`);
    }
    expect(READ).toContain('\\fBSTEWARD_PATH_STYLE\\fR\nstands for --path-style where it is not typed.');
  });

  it('keeps examples as they are typed', () => {
    expect(READ).toContain('\n.nf\nsteward audit s3://my-bucket/flink\n');
    expect(paragraphs('One\nsentence.\n\nExamples:\n  steward\n    .x\n')).toBe(
      '.PP\nOne sentence.\n.PP\nExamples:\n.PP\n.RS 4\n.nf\nsteward\n  .x\n.fi\n.RE',
    );
  });

  it('does not take a full stop or a quote at the beginning of a line for a macro', () => {
    expect(paragraphs('.steward\n\n\'x\' \\ "y"')).toBe('.PP\n\\&.steward\n.PP\n\\(aqx\\(aq \\e \\(dqy\\(dq');
  });

  it.runIf(GROFF !== null)('is set by groff without a warning, with options that can be copied', () => {
    expect({ status: GROFF?.status, err: GROFF?.err }).toEqual({ status: 0, err: '' });
    expect(GROFF?.out).toContain('steward plan s3://my-bucket/flink --ledger s3://my-ledger/flink --out plan.ndjson\n');
    expect(GROFF?.out).toContain('jq -r \'select(.verdict == "delete") | .key\' verdicts.ndjson\n');
  });

  it.runIf(MANDOC !== null)('is set by mandoc without a warning, but that it has no date', () => {
    const warnings = MANDOC?.out.split('\n').filter((line) => line !== '' && !line.includes('missing date'));
    expect(warnings).toEqual([]);
  });

  it.runIf(GROFF === null)('is not set by groff, because there is none on this machine', () => undefined);
  it.runIf(MANDOC === null)('is not set by mandoc, because there is none on this machine', () => undefined);
});
