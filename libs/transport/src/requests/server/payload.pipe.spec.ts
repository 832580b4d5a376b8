import { Type } from 'class-transformer';
import { IsArray, IsInt, IsObject, Min, ValidateNested } from 'class-validator';
import { PayloadPipe } from './payload.pipe.js';

class Inner {
  @IsInt()
  @Min(1)
  readonly count!: number;
}

class Outer {
  @IsObject()
  @ValidateNested()
  @Type(() => Inner)
  readonly inner!: Inner;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => Inner)
  readonly list!: readonly Inner[];

  @IsObject()
  readonly bytes!: Uint8Array;
}

const pipe = new PayloadPipe();
const through = (value: object) => pipe.transform(value, { type: 'body', metatype: Outer });
const bytes = Uint8Array.of(1, 2, 3);

describe('a payload with parts of its own', () => {
  it('is checked through and through, and its bytes are not copied', async () => {
    const got = (await through({ inner: { count: 1, odd: 1 }, list: [{ count: 2 }], bytes })) as Outer;
    expect(got).toEqual({ inner: { count: 1 }, list: [{ count: 2 }], bytes });
    expect(got.inner).toBeInstanceOf(Inner);
    expect(got.bytes).toBe(bytes);
  });

  it.each([
    [{ inner: { count: 0 }, list: [] }, 'inner.count'],
    [{ inner: { count: 1 }, list: [{ count: 'x' }] }, 'list.0.count'],
    [{ list: [] }, 'inner'],
    [{ inner: 'text', list: [] }, 'inner'],
    [{ inner: { count: 1 }, list: {} }, 'list'],
  ])('%j is refused by the name of the part', async (value, field) => {
    await expect(through({ ...value, bytes })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      details: expect.arrayContaining([expect.objectContaining({ field })]),
    });
  });
});
