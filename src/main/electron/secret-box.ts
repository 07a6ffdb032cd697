import { safeStorage } from 'electron'

/** What storage asks for; the shell does not know storage. */
interface SecretBox {
  readonly kind: 'keychain' | 'key-file'
  encrypt(text: string): Promise<Buffer>
  decrypt(sealed: Buffer): Promise<string>
}

/** First byte of what the keychain's key sealed; the key file's begins with another. */
const KEYCHAIN_FORMAT = 2

/** Linux without a keyring has a fixed password (`basic_text`), which protects nothing. */
async function isKeychainUsable(): Promise<boolean> {
  if (!(await safeStorage.isAsyncEncryptionAvailable())) return false
  return process.platform !== 'linux' || safeStorage.getSelectedStorageBackend() !== 'basic_text'
}

/**
 * Seals with the OS keychain, or with the key file where there is none. What the key file sealed on a day without a
 * keychain is still opened by it; what the keychain sealed can't be opened without it, and storage says so.
 */
export async function openDesktopSecretBox(openKeyFile: () => Promise<SecretBox>): Promise<SecretBox> {
  if (!(await isKeychainUsable())) return openKeyFile()
  return {
    kind: 'keychain',
    encrypt: async (text) => Buffer.concat([Buffer.of(KEYCHAIN_FORMAT), await safeStorage.encryptStringAsync(text)]),
    decrypt: async (sealed) => {
      if (sealed[0] !== KEYCHAIN_FORMAT) return (await openKeyFile()).decrypt(sealed)
      const { result } = await safeStorage.decryptStringAsync(sealed.subarray(1))
      return result
    }
  }
}
