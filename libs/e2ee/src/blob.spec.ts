import { vectorsText } from '../test/vectors.js';
import { aesMessageText, decryptBytes, encryptBytes, parseAesMessage } from './aes-message.js';
import { type Blob, blobId, blobText, type Document, openBlob, sealBlob } from './blob.js';
import { fromHex, toHex, utf8 } from './bytes.js';
import { gunzip, gzip } from './gzip.js';
import { noParent, snapshotId } from './snapshot-id.js';
import { symmetricKey } from './symmetric-key.js';

const vectors = JSON.parse(vectorsText);

interface Vector {
  label: string;
  document: Document;
  canonical: string;
  blobId: string;
  gzipHex: string;
  keyHex: string;
  uploaded: Blob;
}

const blobs: Vector[] = vectors.blobs;
const key = symmetricKey(fromHex(blobs[0]!.keyHex));
const { snapshots } = vectors;

describe.each(blobs)('the blob of the $label', ({ document, canonical, gzipHex, uploaded, ...vector }) => {
  it('has the app’s text and id', () => {
    expect(blobText(document)).toBe(canonical);
    expect(blobId(document)).toBe(vector.blobId);
    expect(uploaded.id).toBe(vector.blobId);
  });

  it('opens as the app uploaded it', async () => {
    expect(await openBlob(uploaded, key)).toEqual(JSON.parse(canonical));
    expect(toHex(await decryptBytes(key, parseAesMessage(uploaded.content)))).toBe(gzipHex);
    expect(new TextDecoder().decode(await gunzip(fromHex(gzipHex)))).toBe(canonical);
  });

  it('is uploaded as the app does it', async () => {
    const { id, content } = await sealBlob(document, key);
    expect(id).toBe(vector.blobId);
    expect(content).toBe(aesMessageText(parseAesMessage(content), 2));
    expect(Object.keys(JSON.parse(content))).toEqual(Object.keys(JSON.parse(uploaded.content)));
    expect(uploaded.content).toBe(aesMessageText(parseAesMessage(uploaded.content), 2));
    expect(await openBlob({ id, content }, key)).toEqual(JSON.parse(canonical));
  });
});

describe('a blob', () => {
  it('whose content belongs to another id is noticed', async () => {
    const [workspace, environment] = blobs;
    const swapped = { id: workspace!.blobId, content: environment!.uploaded.content };
    await expect(openBlob(swapped, key)).rejects.toMatchObject({ kind: 'mismatch' });
  });

  it('does not depend on where the file lies nor on when it was touched', () => {
    const { document, blobId: id } = blobs[0]!;
    expect(blobId({ ...document, parentId: 'proj_other', modified: 1 })).toBe(id);
    expect(blobId({ ...document, type: 'Request', parentId: 'wrk_other' })).not.toBe(id);
    const rules = { _id: 'plr_1', type: 'ProjectLintRuleset', parentId: 'proj_1' };
    expect(blobText(rules)).toBe('{"_id":"plr_1","parentId":null,"type":"ProjectLintRuleset"}');
  });

  it.each([
    ['no gzip', utf8('{}')],
    ['gzip cut short', fromHex(blobs[0]!.gzipHex.slice(0, 60))],
  ])('that holds %s is refused', async (_, bytes) => {
    const content = aesMessageText(await encryptBytes(key, bytes));
    await expect(openBlob({ id: blobs[0]!.blobId, content }, key)).rejects.toMatchObject({
      kind: 'malformed',
    });
  });

  it('may not unpack without end', async () => {
    const bomb = await gzip(new Uint8Array(1_000_000));
    await expect(gunzip(bomb, 999_999)).rejects.toMatchObject({ kind: 'malformed' });
    expect(await gunzip(bomb, 1_000_000)).toHaveLength(1_000_000);
  });
});

describe('the id of a snapshot', () => {
  it.each<{ id: string; parent: string; state: { blob: string }[] }>([
    ...snapshots.list,
    snapshots.emptyState,
  ])('is $id', ({ id, parent, state }) => {
    const ids = state.map(({ blob }) => blob);
    expect(snapshotId(snapshots.projectId, parent, ids)).toBe(id);
    expect(snapshotId(snapshots.projectId, parent, ids.reverse())).toBe(id);
  });

  it('is made of exactly this text', () => {
    const sha1 = async (text: string) =>
      toHex(new Uint8Array(await crypto.subtle.digest('SHA-1', utf8(text))));
    const inputs = [snapshots.hashInput.first, snapshots.hashInput.second];
    return expect(Promise.all(inputs.map(sha1))).resolves.toEqual(
      snapshots.list.map(({ id }: { id: string }) => id),
    );
  });

  it('begins with forty zeros, and counts a blob as often as it is named', () => {
    expect(noParent).toBe(snapshots.emptyParent);
    const [id] = snapshots.list[0].state.map(({ blob }: { blob: string }) => blob);
    expect(snapshotId('prj_1', noParent, [id, id])).not.toBe(snapshotId('prj_1', noParent, [id]));
  });
});
