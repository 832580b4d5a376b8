import 'reflect-metadata';
import { runMain } from '@tidemark/runtime';
import { startStandalone } from './standalone.js';

await runMain(startStandalone);
