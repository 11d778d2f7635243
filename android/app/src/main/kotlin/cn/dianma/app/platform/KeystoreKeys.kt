// Seals small secrets with an AES-GCM key that never leaves the phone's key store.
package cn.dianma.app.platform

import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyPermanentlyInvalidatedException
import android.security.keystore.KeyProperties
import cn.dianma.core.KeyWrapper
import cn.dianma.core.KeyWrapperProblem
import java.security.GeneralSecurityException
import java.security.KeyStore
import java.security.ProviderException
import java.security.UnrecoverableKeyException
import javax.crypto.AEADBadTagException
import javax.crypto.Cipher
import javax.crypto.KeyGenerator
import javax.crypto.SecretKey
import javax.crypto.spec.GCMParameterSpec

class KeystoreKeys : KeyWrapper {
    override fun wrap(secret: ByteArray): ByteArray =
        refusing {
            val cipher = Cipher.getInstance(CIPHER)
            cipher.init(Cipher.ENCRYPT_MODE, key())
            cipher.iv + cipher.doFinal(secret)
        }

    override fun unwrap(sealed: ByteArray): ByteArray {
        // Key stores are known to stumble: only who says so again and again is believed to have lost the key.
        repeat(TRIES) {
            try {
                return open(sealed)
            } catch (_: KeyWrapperProblem) {
                Thread.sleep(PAUSE_MS)
            }
        }
        return open(sealed)
    }

    private fun open(sealed: ByteArray): ByteArray =
        refusing {
            val cipher = Cipher.getInstance(CIPHER)
            cipher.init(Cipher.DECRYPT_MODE, key(), GCMParameterSpec(TAG_BITS, sealed, 0, NONCE_BYTES))
            cipher.doFinal(sealed, NONCE_BYTES, sealed.size - NONCE_BYTES)
        }

    private fun key(): SecretKey {
        val store = KeyStore.getInstance(STORE).apply { load(null) }
        (store.getKey(ALIAS, null) as? SecretKey)?.let { return it }
        val spec =
            KeyGenParameterSpec
                .Builder(ALIAS, KeyProperties.PURPOSE_ENCRYPT or KeyProperties.PURPOSE_DECRYPT)
                .setBlockModes(KeyProperties.BLOCK_MODE_GCM)
                .setEncryptionPaddings(KeyProperties.ENCRYPTION_PADDING_NONE)
                .setKeySize(KEY_BITS)
                .build()
        return KeyGenerator
            .getInstance(KeyProperties.KEY_ALGORITHM_AES, STORE)
            .apply { init(spec) }
            .generateKey()
    }

    // Gone only when the system says so: what is put away for a lost key needs a network to come back.
    private fun <T> refusing(work: () -> T): T =
        try {
            work()
        } catch (_: AEADBadTagException) {
            throw KeyWrapperProblem.Gone()
        } catch (_: KeyPermanentlyInvalidatedException) {
            throw KeyWrapperProblem.Gone()
        } catch (_: UnrecoverableKeyException) {
            throw KeyWrapperProblem.Gone()
        } catch (_: IllegalArgumentException) {
            throw KeyWrapperProblem.Gone()
        } catch (_: GeneralSecurityException) {
            throw KeyWrapperProblem.Busy()
        } catch (_: ProviderException) {
            throw KeyWrapperProblem.Busy()
        }

    private companion object {
        const val STORE = "AndroidKeyStore"
        const val ALIAS = "dianma-session"
        const val CIPHER = "AES/GCM/NoPadding"
        const val KEY_BITS = 256
        const val TAG_BITS = 128
        const val NONCE_BYTES = 12
        const val TRIES = 3
        const val PAUSE_MS = 150L
    }
}
