import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { certificatePath, readCertificate, readChain, writeCertificate } from '#operations/ledger/certificates.ts';
import { LedgerError } from '#operations/ledger/ledger-error.ts';
import { nameHash } from '#operations/ledger/name-hashes.ts';
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

  it('are listed once, where two attempts at the end of a run write the same one side by side', async () => {
    const ledger = new MemoryLedger(new LedgerContent(), OPEN);

    const [first, second] = await Promise.all([1, 2].map(() => writeCertificate(ledger, certificateOf('a', ['name']))));

    expect(second).toBe(first);
    expect(await readChain(ledger)).toEqual({ before: 0, chain: [{ run: 'a', sha256: first }] });
  });

  it('are listed up to a thousand; an older one is reached from there', async () => {
    // Prepare
    const content = new LedgerContent();
    const ledger = new MemoryLedger(content, OPEN);
    const oldest = await writeCertificate(ledger, certificateOf('0000'));
    const second = await writeCertificate(ledger, certificateOf('0001'));
    const links = Array.from({ length: 998 }, (_, at) => ({ run: String(at + 2).padStart(4, '0'), sha256: 'x' }));
    const known = content.documents.get('certificates');
    const chain = [{ run: '0000', sha256: oldest }, { run: '0001', sha256: second }, ...links];
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
    const record = recordOf(oldest);
    expect(await checkChain(ledger, { run: '0000', stored, record, hasActed: true, chain: now })).toEqual({
      findings: [],
      isUnlisted: false,
    });
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

function recordOf(certificate: string) {
  return { result: 'done', certificate } as const;
}

describe('The chain', () => {
  it('shows a first certificate that was taken off the list', async () => {
    const content = new LedgerContent();
    const ledger = new MemoryLedger(content, OPEN);
    await writeCertificate(ledger, certificateOf('a'));
    const sha256 = await writeCertificate(ledger, certificateOf('b'));
    const stored = await readCertificate(ledger, 'b');

    const { findings } = await checkChain(ledger, {
      run: 'b',
      stored,
      record: recordOf(sha256),
      hasActed: true,
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

    const { findings } = await checkChain(ledger, {
      run: 'b',
      stored,
      record: recordOf(sha256),
      hasActed: true,
      chain: { before: 0, chain: chain ?? [] },
    });

    expect(findings.map(({ sentence }) => sentence)).toEqual([
      'The certificate of run b does not follow that of run a, which the list puts before it.',
      'The certificate of run a, which comes before that of run b, has changed.',
      'The certificate of run c, which comes after that of run b, has changed.',
    ]);
  });

  describe('before the first entry of the list', () => {
    /** Runs a to d, of which the list names c and d alone. */
    async function shortened() {
      const content = new LedgerContent();
      const ledger = new MemoryLedger(content, OPEN);
      for (const run of ['a', 'b', 'c', 'd']) await writeCertificate(ledger, certificateOf(run));
      const whole = (await readChain(ledger))?.chain ?? [];
      const check = async (run: string, changes: { readonly before?: number; readonly unrecorded?: true } = {}) => {
        const stored = await readCertificate(ledger, run);
        const record = changes.unrecorded ? null : recordOf(stored?.sha256 ?? '');
        const chain = { before: changes.before ?? 2, chain: whole.slice(2) };
        const { findings } = await checkChain(ledger, { run, stored, record, hasActed: true, chain });
        return findings.map(({ sentence }) => sentence);
      };
      return { ledger, files: content.files, check };
    }

    it('is whole where each certificate names the one before it', async () => {
      const { check } = await shortened();

      expect([await check('a'), await check('b'), await check('c'), await check('d')]).toEqual([[], [], [], []]);
    });

    it('shows a certificate that was rewritten, at its own run and at those on both sides', async () => {
      const { files, check } = await shortened();

      files.set(certificatePath('b'), Buffer.from('other'));

      expect([await check('a'), await check('b'), await check('c')]).toEqual([
        ['The chain of certificates breaks at that of run b, before it comes to that of run a.'],
        [
          "The ledger's list of certificates names another one for run b.",
          "The certificate of run b can't be read: it is not what the steward wrote.",
        ],
        ['The certificate of run b, which comes before that of run c, has changed.'],
      ]);
    });

    it('shows a certificate that was taken away', async () => {
      const { files, check } = await shortened();

      files.delete(certificatePath('b'));

      expect([await check('b'), await check('c')]).toEqual([
        ['The certificate of run b is gone, and the record of run b names it.'],
        ['The certificate of run b, which comes before that of run c, is gone.'],
      ]);
      expect(await check('b', { unrecorded: true })).toEqual([
        'The certificate of run b is gone, and that of run c names it.',
      ]);
    });

    it('shows a count of earlier ones that does not hold', async () => {
      const { check } = await shortened();

      expect([await check('a', { before: 3 }), await check('b', { before: 1 })]).toEqual([
        ['The certificate of run a follows none, though the list counts others before it.'],
        ['The certificate of run b follows that of run a, which the list leaves out.'],
      ]);
    });

    it('shows a certificate that was never part of it', async () => {
      const { files, check } = await shortened();

      files.set(certificatePath('x'), files.get(certificatePath('a')) ?? Buffer.from(''));

      expect(await check('x')).toEqual([
        "The ledger's list of certificates does not name that of run x.",
        'The certificate of run x is that of run a.',
      ]);
    });
  });
});
