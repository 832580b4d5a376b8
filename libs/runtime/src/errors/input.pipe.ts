import { ValidationPipe, type ValidationError } from '@nestjs/common';
import { DomainError, type ErrorDetail } from '@tidemark/contracts';
import { quoted } from './quote.js';

/** Checks what comes in against its class. Fields that the class does not name are refused, not dropped. */
export const inputPipe = (): ValidationPipe =>
  new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    stopAtFirstError: true,
    validationError: { target: false, value: false },
    exceptionFactory: invalidInput,
  });

const MOST_DETAILS = 20;

function invalidInput(errors: ValidationError[]): DomainError {
  const findings = errors.flatMap((error) => findingsOf(error, '')).slice(0, MOST_DETAILS);
  const message = findings.map(({ field, text }) => `${field} ${text}`).join('; ');
  const details: ErrorDetail[] = findings.map(({ field, rule }) => ({ field, rule }));
  return new DomainError('INVALID_INPUT', `${message || 'The input is not of the expected form'}.`, details);
}

interface Finding {
  readonly field: string;
  readonly rule: string;
  readonly text: string;
}

function findingsOf({ property, constraints = {}, children = [] }: ValidationError, path: string): Finding[] {
  const field = path ? `${path}.${shown(property)}` : shown(property);
  const own = Object.entries(constraints).map(([rule, text]) => ({
    field,
    rule,
    text: ruleText(rule, text, property),
  }));
  return [...own, ...children.flatMap((child) => findingsOf(child, field))];
}

/** A name that the class gave is plain; any other came from outside. */
const shown = (property: string): string => (/^\w{1,60}$/.test(property) ? property : quoted(property));

function ruleText(rule: string, text: string, property: string): string {
  if (rule === 'whitelistValidation') return 'is not known here';
  if (rule === 'unknownValue') return 'is not of the expected form';
  return text.startsWith(`${property} `) ? text.slice(property.length + 1) : text;
}
