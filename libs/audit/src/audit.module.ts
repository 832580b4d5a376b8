import { Module, type DynamicModule } from '@nestjs/common';
import { serviceLife, type Database, type Living } from '@tidemark/runtime';
import { AUDIT_DATABASE } from './audit.tokens.js';
import { EntryController } from './entry/entry.controller.js';
import { EntryHearing } from './entry/entry.hearing.js';
import { PlaceController } from './place/place.controller.js';

export interface AuditParts extends Living {
  readonly db: Database;
}

@Module({})
export class AuditModule {
  static with(parts: AuditParts): DynamicModule {
    return {
      module: AuditModule,
      controllers: [EntryController, EntryHearing, PlaceController],
      providers: [{ provide: AUDIT_DATABASE, useValue: parts.db }, serviceLife(parts)],
    };
  }
}
