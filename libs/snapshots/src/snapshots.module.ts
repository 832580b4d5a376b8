import { Module } from '@nestjs/common';

/** Holds nothing yet: the process runs and tells its health. */
@Module({})
export class SnapshotsModule {}
