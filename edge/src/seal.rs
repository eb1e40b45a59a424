//! How are Twilio's auth tokens kept? Encrypted: AES-256-GCM under the deployment's token key.
//!
//! A sealed token is text, `v1.<key id>.<base64url of nonce and ciphertext>`. It is bound to the
//! account and to the key by additional data, so that it opens for no other account and a text
//! sealed under an earlier key is told apart from a forged one. Sealed tokens may lie in SQL and KV;
//! opened ones live as long as one call and stand in no log, no answer and no record.

use crate::config;
use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, KeyInit, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use shared::id::AccountId;
use worker::Env;

/// The form's name. Another algorithm would get another one.
const FORM: &str = "v1";

/// The nonce's length: 96 random bits, fresh for every sealing.
const NONCE: usize = 12;

/// The key under which tokens are sealed.
pub struct SealingKey {
    cipher: Aes256Gcm,
    id: String,
}

/// A token could not be sealed: there was no randomness, or the cipher refused. Nothing was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SealError;

impl SealingKey {
    /// Makes the key of a secret of any length.
    #[must_use]
    pub fn new(secret: &str) -> Self {
        let key: [u8; 32] = Sha256::digest(secret.as_bytes()).into();
        // The id names the key without giving anything of it away: a hash of the hash.
        let name: [u8; 32] = Sha256::digest(key).into();
        let mut id = String::new();
        for byte in name.iter().take(4) {
            id.push_str(&format!("{byte:02x}"));
        }
        Self {
            cipher: Aes256Gcm::new(&key.into()),
            id,
        }
    }

    /// The deployment's.
    ///
    /// # Errors
    /// If the secret cannot be used.
    pub fn from_env(env: &Env) -> worker::Result<Self> {
        config::secret(env, config::names::TOKEN_KEY).map(|secret| Self::new(&secret))
    }

    /// What a token is bound to. Neither part can contain a line break.
    fn bound_to(&self, account: &AccountId) -> String {
        format!("{}\n{}", account.as_str(), self.id)
    }
}

/// Seals an account's token.
///
/// # Errors
/// [`SealError`].
pub fn seal(key: &SealingKey, account: &AccountId, token: &str) -> Result<String, SealError> {
    let mut nonce = [0; NONCE];
    getrandom::fill(&mut nonce).map_err(|_| SealError)?;
    let bound_to = key.bound_to(account);
    let payload = Payload {
        msg: token.as_bytes(),
        aad: bound_to.as_bytes(),
    };
    let secret = key
        .cipher
        .encrypt(&Nonce::from(nonce), payload)
        .map_err(|_| SealError)?;
    let mut bytes = nonce.to_vec();
    bytes.extend_from_slice(&secret);
    Ok(format!(
        "{FORM}.{}.{}",
        key.id,
        URL_SAFE_NO_PAD.encode(bytes)
    ))
}

/// Opens a sealed token of this account. `None` if it was sealed for another account or under
/// another key, or was changed since.
#[must_use]
pub fn open(key: &SealingKey, account: &AccountId, sealed: &str) -> Option<String> {
    let (form, rest) = sealed.split_once('.')?;
    let (id, text) = rest.split_once('.')?;
    if form != FORM || id != key.id {
        return None;
    }
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let (nonce, secret) = bytes.split_first_chunk::<NONCE>()?;
    let bound_to = key.bound_to(account);
    let payload = Payload {
        msg: secret,
        aad: bound_to.as_bytes(),
    };
    let token = key.cipher.decrypt(&Nonce::from(*nonce), payload).ok()?;
    String::from_utf8(token).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "0123456789abcdef0123456789abcdef";

    fn key() -> SealingKey {
        SealingKey::new("a secret of at least thirty-two bytes")
    }

    fn account(id: &str) -> AccountId {
        AccountId::trusted(id)
    }

    #[test]
    fn what_was_sealed_opens_again() {
        let sealed = seal(&key(), &account("demo"), TOKEN).unwrap();
        assert!(sealed.starts_with("v1."), "{sealed}");
        assert!(!sealed.contains(TOKEN));
        assert_eq!(
            open(&key(), &account("demo"), &sealed).as_deref(),
            Some(TOKEN)
        );
    }

    #[test]
    fn no_two_sealings_are_alike() {
        let seal = || seal(&key(), &account("demo"), TOKEN).unwrap();
        assert_ne!(seal(), seal());
    }

    #[test]
    fn it_opens_for_no_other_account_and_no_other_key() {
        let sealed = seal(&key(), &account("demo"), TOKEN).unwrap();
        assert_eq!(open(&key(), &account("demo2"), &sealed), None);
        assert_eq!(
            open(
                &SealingKey::new("another secret of thirty-two bytes"),
                &account("demo"),
                &sealed
            ),
            None
        );
    }

    #[test]
    fn whatever_is_changed_it_stays_shut() {
        let sealed = seal(&key(), &account("demo"), TOKEN).unwrap();
        for place in 0..sealed.len() {
            let mut bytes = sealed.clone().into_bytes();
            bytes[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(bytes).unwrap();
            assert_eq!(
                open(&key(), &account("demo"), &changed),
                None,
                "changed at {place}"
            );
        }
        for end in 0..sealed.len() {
            assert_eq!(
                open(&key(), &account("demo"), sealed.split_at(end).0),
                None,
                "cut at {end}"
            );
        }
        for text in ["", "v1", "v1..", "v1.00000000.", "v2.00000000.AAAA"] {
            assert_eq!(open(&key(), &account("demo"), text), None, "{text}");
        }
    }
}
