export type { WebsiteParts } from './website/website-parts.js';
export { GatewayModule, type GatewayParts } from './gateway.module.js';
