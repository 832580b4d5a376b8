import { randomUUID } from 'node:crypto';
import { Inject } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { type ActorContext, DomainError } from '@tidemark/contracts';
import { Allow, IsInt, IsString, Length, Max, Min } from 'class-validator';
import { of } from 'rxjs';
import { Actor } from '../../src/requests/actor/actor.decorator.js';
import { RequestHandlers } from '../../src/requests/server/request-handlers.decorator.js';
import { Journal } from './journal.js';

export class AnyMessage {
  @Allow()
  readonly value?: unknown;
}

export class EffectMessage {
  @IsString()
  readonly command!: string;
}

export class CheckedMessage {
  @IsString()
  @Length(1, 5)
  readonly name!: string;

  @IsInt()
  @Min(1)
  @Max(10)
  readonly count!: number;
}

export const conflict = new DomainError('HISTORY_CONFLICT', 'Somebody was faster. Pull and try again.', [
  { field: 'expected', rule: 'current', id: 'org_1' },
]);

export const SECRET = 'host=db.internal password=hunter2';

/** The handlers that the contract of requests talks to. */
@RequestHandlers()
export class ContractHandlers {
  constructor(@Inject(Journal) private readonly journal: Journal) {}

  @MessagePattern('contract.echo')
  echo(@Payload() { value }: AnyMessage, @Actor() actor: ActorContext): object {
    this.journal.ran('echo');
    return { value, actor, bytes: value instanceof Uint8Array };
  }

  /** As commands are handled: a command id that was seen before changes nothing. */
  @MessagePattern('contract.effect')
  effect(@Payload() { command }: EffectMessage): object {
    this.journal.effects.add(command);
    this.journal.ran(command);
    return { effects: this.journal.effects.size };
  }

  @MessagePattern('contract.gated')
  async gated(@Payload() _message: AnyMessage): Promise<object> {
    this.journal.ran('gated');
    await this.journal.opened;
    const proof = randomUUID();
    this.journal.finish();
    return { proof };
  }

  @MessagePattern('contract.change')
  change(@Payload() { value }: AnyMessage): object {
    (value as { list: number[] }).list.push(99);
    return { value };
  }

  @MessagePattern('contract.kind')
  kind(@Payload() { value }: AnyMessage): object {
    return {
      kind: Object.prototype.toString.call(value),
      plain: Object.getPrototypeOf(value) === Object.prototype,
    };
  }

  @MessagePattern('contract.checked')
  checked(@Payload() message: CheckedMessage): object {
    return { ...message, isDto: message instanceof CheckedMessage };
  }

  @MessagePattern('contract.undeclared')
  undeclared(@Payload() message: object): object {
    return message;
  }

  @MessagePattern('contract.nothing')
  nothing(): void {}

  @MessagePattern('contract.many')
  many(): unknown {
    return of({ n: 1 }, { n: 2 });
  }

  @MessagePattern('contract.refuse')
  refuse(): never {
    throw conflict;
  }

  @MessagePattern('contract.break')
  break(): never {
    throw new TypeError(SECRET);
  }

  @MessagePattern('contract.unsendable')
  unsendable(): object {
    return { at: new Date(0) };
  }
}
