import { Injectable, type PipeTransform } from '@nestjs/common';
import { isOrgId, notFound } from '@tidemark/contracts';

/** What cannot be an organization's id is told the same as one that nobody has. */
@Injectable()
export class OrgIdPipe implements PipeTransform<string, string> {
  transform(id: string): string {
    if (!isOrgId(id)) throw notFound();
    return id;
  }
}
