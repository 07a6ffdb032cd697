import { expect } from 'vitest'
import { UnreadableRequest } from '../../../src/main/protocols/translator'

/** Reads a foreign body, which may be refused as no conversation; nothing else may happen. */
export function readOrRefused(read: () => void): void {
  try {
    read()
  } catch (error) {
    expect(error).toBeInstanceOf(UnreadableRequest)
  }
}
