import pg from 'pg';

const BIGINT = 20;

const toSafeNumber = (text: string): number => {
  const number = Number(text);
  if (!Number.isSafeInteger(number)) throw new Error(`${text} does not fit into a number without loss.`);
  return number;
};

/** Positions and counts are bigint in tables and numbers in the code; pg would hand out strings. */
export const numbersForBigints: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === BIGINT && format !== 'binary'
      ? toSafeNumber
      : (pg.types.getTypeParser(oid, format ?? 'text') as unknown)) as typeof pg.types.getTypeParser,
};
