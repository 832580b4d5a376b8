export { type BlobStore, type ByteRange, packDamaged } from './blob-store.js';
export { crc32c } from './crc32c.js';
export { FilesystemBlobStore } from './filesystem-blob-store.js';
export { MemoryBlobStore } from './memory-blob-store.js';
export { openBlobStore } from './open-blob-store.js';
