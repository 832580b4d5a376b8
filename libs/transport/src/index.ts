export * from './requests/index.js';
