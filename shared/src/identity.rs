//! Under which opaque name do we keep it? Names computed from the deployment's key.
//!
//! No phone number stands in a URL, a key or a log: a thread's name is a keyed hash of sender and
//! address, so it can be computed from a webhook without a look-up and not be turned back. What
//! must outlive erasure (a seen `MessageSid`, a suppressed address) is kept as such a hash, too.

use crate::address::CustomerAddress;
use crate::id::{MessageSid, SenderId, ThreadId};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The deployment's key for names: at least 32 random bytes that never change, since every name
/// hangs on it.
#[derive(Clone)]
pub struct NamingKey(Option<Hmac<Sha256>>);

impl NamingKey {
    /// Takes the key's bytes.
    #[must_use]
    pub fn new(bytes: &[u8]) -> Self {
        // HMAC takes keys of every length; the type cannot say so.
        Self(Hmac::new_from_slice(bytes).ok())
    }

    /// The hash of `parts` under this key, for the purpose that `domain` names. Each part is
    /// preceded by its length, so that no two lists of parts run together.
    fn hash(&self, domain: &str, parts: &[&str]) -> [u8; 32] {
        let Some(mut mac) = self.0.clone() else {
            return [0; 32];
        };
        for part in core::iter::once(&domain).chain(parts) {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        mac.finalize().into_bytes().into()
    }
}

/// The name of the thread between `sender` and `customer`.
#[must_use]
pub fn thread_id(key: &NamingKey, sender: &SenderId, customer: &CustomerAddress) -> ThreadId {
    let hash = key.hash("thread", &[sender.as_str(), customer.as_str()]);
    ThreadId::trusted(URL_SAFE_NO_PAD.encode(hash))
}

/// What remains of a `MessageSid` for good, so that an old webhook replayed is never a new message.
#[must_use]
pub fn seen_hash(key: &NamingKey, sid: &MessageSid) -> String {
    let hash = key.hash("seen", &[sid.as_str()]);
    URL_SAFE_NO_PAD.encode(hash.get(..16).unwrap_or(&hash))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_differ_by_sender_customer_and_key() {
        let key = NamingKey::new(&[7; 32]);
        let name = |key: &NamingKey, sender: &str, customer: &str| {
            thread_id(
                key,
                &SenderId::trusted(sender),
                &CustomerAddress::trusted(customer),
            )
        };
        let one = name(&key, "milano", "+393471234567");
        assert_eq!(one, name(&key, "milano", "+393471234567"));
        assert_ne!(one, name(&key, "london", "+393471234567"));
        assert_ne!(one, name(&key, "milano", "+393471234568"));
        assert_ne!(
            one,
            name(&NamingKey::new(&[8; 32]), "milano", "+393471234567")
        );
        assert_ne!(name(&key, "ab", "c"), name(&key, "a", "bc"));
        assert!(ThreadId::parse(one.as_str()).is_some());
        assert!(!one.as_str().contains("347"));
    }
}
