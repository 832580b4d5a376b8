// Tests with real services wait for state; the deadline only ends a test that would never end.
import { jest } from '@jest/globals';

jest.setTimeout(60_000);
