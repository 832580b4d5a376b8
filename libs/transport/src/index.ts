export * from './requests/index.js';
export * from './events/index.js';
