import { IsOrganizationName } from '@tidemark/contracts';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Matches, Max, Min } from 'class-validator';

const ORG_ID = /^org_[0-9a-f]{32}$/;

export class OrganizationBody {
  @IsOrganizationName()
  readonly name!: string;
}

export class PageQuery {
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  readonly limit: number = 50;
}

export class OrganizationsQuery extends PageQuery {
  @IsOptional()
  @Matches(ORG_ID, { message: 'must be the `next` of the page before' })
  readonly after?: string;
}

export class EntriesQuery extends PageQuery {
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(Number.MAX_SAFE_INTEGER)
  readonly after: number = 0;
}
