import { describe, expect, it } from 'vitest';
import { nameHash, readCertificate, readChain, writeCertificate } from '#operations/ledger/certificates.ts';
import { LedgerError } from '#operations/ledger/ledger-error.ts';
import { checkChain } from '#operations/verification/check-chain.ts';
import { OPEN } from '#test/support/gate.ts';
import { LedgerContent, MemoryLedger } from '#test/support/memory-ledger.ts';

const SETTINGS = {
  minAge: 1,
  quarantine: 2,
  checkpointTimeout: 3,
  deadAfter: 4,
  abandonedAfter: 5,
  taskowned: false,
  taskownedMinAge: 6,
  failedSavepoints: false,
};

function certificateOf(run: string, names: readonly string[] = []) {
  const hashes = BigUint64Array.from(names.map(nameHash)).sort();
  return {
    head: {
      run,
      start: '2027-03-01T00:00:00.000Z',
      area: ['s3://bucket/'],
      settings: SETTINGS,
      protect: [],
      pins: [],
      undecidable: [],
      log: [],
      names: { count: names.length, groupBits: 0 },
    },
    roots: [],
    jobs: [],
    exceptions: [],
    names: hashes,
  };
}

describe('Certificates', () => {
  it('are read as they were written, with names in several lines', async () => {
    const ledger = new MemoryLedger(new LedgerContent(), OPEN);
    const names = Array.from({ length: 7_000 }, (_, number) => `file ${number}`);
    const written = certificateOf('a', names);

    const sha256 = await writeCertificate(ledger, written);

    const stored = await readCertificate(ledger, 'a');
    expect(stored?.sha256).toBe(sha256);
    expect(stored?.certificate).toEqual({ ...written, head: { format: 1, previous: null, ...written.head } });
  });

  it('name the one before, and take two writes and one read', async () => {
    const content = new LedgerContent();
    const calls: string[] = [];
    const gate = {
      ...OPEN,
      pass: async <T>(call: string, effect: () => T): Promise<T> => {
        calls.push(call);
        return effect();
      },
    };
    const ledger = new MemoryLedger(content, gate);
    const first = await writeCertificate(ledger, certificateOf('a'));
    calls.length = 0;

    const second = await writeCertificate(ledger, certificateOf('b'));

    expect(calls).toEqual([
      'ledger: read certificates',
      'ledger: write file runs/b/certificate.ndjson.gz',
      'ledger: write certificates',
    ]);
    expect((await readCertificate(ledger, 'b'))?.certificate?.head.previous).toEqual({ run: 'a', sha256: first });
    expect(await readChain(ledger)).toEqual({
      before: 0,
      chain: [
        { run: 'a', sha256: first },
        { run: 'b', sha256: second },
      ],
    });
  });

  it('are listed up to a thousand; an older one need not be on the list', async () => {
    // Prepare
    const content = new LedgerContent();
    const ledger = new MemoryLedger(content, OPEN);
    const oldest = await writeCertificate(ledger, certificateOf('0000'));
    const links = Array.from({ length: 999 }, (_, at) => ({ run: String(at + 1).padStart(4, '0'), sha256: 'x' }));
    const known = content.documents.get('certificates');
    const chain = [{ run: '0000', sha256: oldest }, ...links];
    content.documents.set('certificates', { tag: known?.tag ?? '', text: JSON.stringify({ before: 0, chain }) });

    // Act
    await writeCertificate(ledger, certificateOf('1000'));

    // Assess
    const now = await readChain(ledger);
    expect({ before: now?.before, first: now?.chain[0]?.run, length: now?.chain.length }).toEqual({
      before: 1,
      first: '0001',
      length: 1_000,
    });
    const stored = await readCertificate(ledger, '0000');
    expect(await checkChain(ledger, { run: '0000', stored, recorded: oldest, chain: now })).toEqual([]);
  });

  it('are not on the list where another process was faster, and that is said', async () => {
    const content = new LedgerContent();
    const ledger = new MemoryLedger(content, {
      ...OPEN,
      pass: async (call, effect) => {
        if (call.startsWith('ledger: write file')) content.documents.set('certificates', { tag: 'other', text: '{}' });
        return effect();
      },
    });

    await expect(writeCertificate(ledger, certificateOf('a'))).rejects.toThrow(LedgerError);
  });
});

describe('The chain', () => {
  it('shows a first certificate that was taken off the list', async () => {
    const content = new LedgerContent();
    const ledger = new MemoryLedger(content, OPEN);
    await writeCertificate(ledger, certificateOf('a'));
    const sha256 = await writeCertificate(ledger, certificateOf('b'));
    const stored = await readCertificate(ledger, 'b');

    const findings = await checkChain(ledger, {
      run: 'b',
      stored,
      recorded: sha256,
      chain: { before: 0, chain: [{ run: 'b', sha256 }] },
    });

    expect(findings.map(({ sentence }) => sentence)).toEqual([
      'The certificate of run b follows that of run a, which the list leaves out.',
    ]);
  });

  it('shows a certificate before or after it that has changed', async () => {
    const ledger = new MemoryLedger(new LedgerContent(), OPEN);
    await writeCertificate(ledger, certificateOf('a'));
    const sha256 = await writeCertificate(ledger, certificateOf('b'));
    await writeCertificate(ledger, certificateOf('c'));
    const stored = await readCertificate(ledger, 'b');
    const chain = (await readChain(ledger))?.chain.map((link) => (link.run === 'b' ? link : { ...link, sha256: 'x' }));

    const findings = await checkChain(ledger, {
      run: 'b',
      stored,
      recorded: sha256,
      chain: { before: 0, chain: chain ?? [] },
    });

    expect(findings.map(({ sentence }) => sentence)).toEqual([
      'The certificate of run b does not follow that of run a, which the list puts before it.',
      'The certificate of run a, which comes before that of run b, has changed.',
      'The certificate of run c, which comes after that of run b, has changed.',
    ]);
  });
});
