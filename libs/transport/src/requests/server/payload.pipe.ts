import type { ArgumentMetadata, PipeTransform, Type } from '@nestjs/common';
import { DomainError } from '@tidemark/contracts';
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, validate, ValidationTypes, type ValidationError } from 'class-validator';

/**
 * Makes the DTO that the handler declares from the payload, and refuses what breaks its rules. Fields that the DTO does not know
 * are dropped: during an upgrade a newer sender may add one. A handler that declares no DTO class is refused whole,
 * since nothing would be checked.
 */
export class PayloadPipe implements PipeTransform {
  async transform(value: unknown, { type, metatype }: ArgumentMetadata): Promise<unknown> {
    if (type !== 'body') return value;
    // A handler without parameters; should one have lost its types on the way, it gets nothing that was not checked.
    if (metatype === undefined) return undefined;
    if (!isDto(metatype)) throw new Error('A request handler must declare the DTO class of its payload.');
    if (!isFields(value)) throw invalid([{ field: 'payload', rule: 'isObject', text: 'must be an object' }]);
    const dto = Object.assign(new metatype(), value, nestedIn(metatype, value)) as object;
    const errors = await validate(dto, {
      whitelist: true,
      forbidUnknownValues: true,
      validationError: { target: false, value: false },
    });
    if (errors.length > 0) throw invalid(errors.flatMap((error) => findings(error)));
    return dto;
  }
}

const BUILT_IN: readonly unknown[] = [Object, Array, String, Number, Boolean, Function, Promise];

const isDto = (metatype: Type): boolean => !BUILT_IN.includes(metatype);

const isFields = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);

/**
 * Only fields that are DTOs themselves are made into instances, as `@Type` says: to walk through everything else would
 * copy large lists and bytes one by one.
 */
function nestedIn(metatype: Type, fields: object): object {
  const given = namesOfNested(metatype).filter((name) => Object.hasOwn(fields, name));
  if (given.length === 0) return {};
  const pick = (from: object) =>
    Object.fromEntries(given.map((name) => [name, (from as Record<string, unknown>)[name]]));
  return pick(plainToInstance(metatype, pick(fields)) as object);
}

const namesOfNested = (metatype: Type): string[] =>
  getMetadataStorage()
    .getTargetValidationMetadatas(metatype, '', false, false)
    .filter(({ type }) => type === ValidationTypes.NESTED_VALIDATION)
    .map(({ propertyName }) => propertyName);

interface Finding {
  readonly field: string;
  readonly rule: string;
  readonly text: string;
}

function findings({ property, constraints, children }: ValidationError, path = ''): Finding[] {
  const field = `${path}${property ?? 'payload'}`;
  const own = Object.entries(constraints ?? {}).map(([rule, text]) => ({
    field,
    rule,
    text: text.replace(`${property} `, ''),
  }));
  return [...own, ...(children ?? []).flatMap((child) => findings(child, `${field}.`))];
}

function invalid(found: readonly Finding[]): DomainError {
  const text = found.map((finding) => `${finding.field} ${finding.text}`).join('; ');
  const details = found.map(({ field, rule }) => ({ field, rule }));
  return new DomainError('INVALID_INPUT', `${text}.`, details);
}
