import 'reflect-metadata';
import { BranchesModule } from '@tidemark/branches';
import { loadConfig, plainServiceVariables, processOptions, runMain, startService } from '@tidemark/runtime';

await runMain(() =>
  startService(BranchesModule, processOptions('branches', loadConfig(plainServiceVariables))),
);
