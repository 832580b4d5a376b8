export { stopForTier as default } from './start-product.mjs';
