import 'reflect-metadata';
import { SnapshotsModule } from '@tidemark/snapshots';
import { loadConfig, plainServiceVariables, processOptions, runMain, startService } from '@tidemark/runtime';

await runMain(() =>
  startService(SnapshotsModule, processOptions('snapshots', loadConfig(plainServiceVariables))),
);
