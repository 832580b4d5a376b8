export { GatewayModule, type GatewayParts } from './gateway.module.js';
