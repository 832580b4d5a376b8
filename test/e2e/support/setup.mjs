export { startForTier as default } from './start-product.mjs';
