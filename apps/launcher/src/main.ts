import { runMain } from '@tidemark/runtime';
import { launch } from './launch.js';

await runMain(() => launch(process.argv.slice(2)));
