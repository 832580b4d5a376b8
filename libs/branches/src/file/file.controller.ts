import { Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import {
  fileAbsent,
  ArchiveFile,
  branchMessages,
  CreateFile,
  FindFile,
  ListFiles,
  OfFile,
  type ActorContext,
  type FileKey,
  type FileView,
} from '@tidemark/contracts';
import type { Database } from '@tidemark/runtime';
import { Actor, mustBeOf, RequestHandlers } from '@tidemark/transport';
import { BRANCHES_DATABASE } from '../branches.tokens.js';
import { fileKey, findFile, listFiles } from './file.query.js';
import { FileService } from './file.service.js';

@RequestHandlers()
export class FileController {
  constructor(
    @Inject(FileService) private readonly files: FileService,
    @Inject(BRANCHES_DATABASE) private readonly db: Database,
  ) {}

  /** The only one that looks into several organizations: the gateway names those that the actor is a member of. */
  @MessagePattern(branchMessages.findFile)
  find(@Payload() message: FindFile): Promise<FileView[]> {
    return findFile(this.db, message);
  }

  @MessagePattern(branchMessages.listFiles)
  async list(@Payload() message: ListFiles, @Actor() actor: ActorContext): Promise<FileView[]> {
    mustBeOf(message.org, actor, fileAbsent);
    return listFiles(this.db, message);
  }

  @MessagePattern(branchMessages.createFile)
  async create(@Payload() message: CreateFile, @Actor() actor: ActorContext): Promise<FileView> {
    mustBeOf(message.org, actor, fileAbsent);
    return this.files.create(message, actor);
  }

  @MessagePattern(branchMessages.archiveFile)
  async archive(@Payload() message: ArchiveFile, @Actor() actor: ActorContext): Promise<void> {
    mustBeOf(message.org, actor, fileAbsent);
    await this.files.archive(message, actor);
  }

  @MessagePattern(branchMessages.fileKey)
  async key(@Payload() message: OfFile, @Actor() actor: ActorContext): Promise<FileKey> {
    mustBeOf(message.org, actor, fileAbsent);
    return fileKey(this.db, message, actor.account);
  }
}
