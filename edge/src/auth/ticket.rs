//! How does a page prove on a socket who it is? With a ticket: bought with a token, good for 30
//! seconds and once.
//!
//! A browser cannot set headers on a WebSocket, and what stands in a URL ends in logs; so the ticket
//! travels in `Sec-WebSocket-Protocol`. Its form, `base64url(json).base64url(hmac)`, has exactly one
//! dot and only characters that may stand there. It is bound to the caller, the thread and the page's
//! origin; that it is used once is the thread's object's part, which burns its id.

use super::caller::Caller;
use crate::config;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use shared::address::CustomerAddress;
use shared::id::{SenderId, ThreadId};
use shared::time::{Span, Timestamp};
use worker::Env;

/// How long a ticket is good for.
pub const GOOD_FOR: Span = Span::seconds(30);

/// The length of SHA-256's block.
const BLOCK: usize = 64;

/// What a ticket says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// 16 random bytes, in base64url: burnt when the ticket is used.
    pub id: String,
    /// Who bought it.
    pub caller: Caller,
    /// The sender of the thread it opens.
    pub sender: SenderId,
    /// The customer of the thread it opens.
    pub customer: CustomerAddress,
    /// The thread it opens.
    pub thread: ThreadId,
    /// The `Origin` of the page it was given to.
    pub origin: String,
    /// When it expires, by the wall's clock: after [`GOOD_FOR`], or with the token if that is sooner.
    pub expires: Timestamp,
}

/// Why a ticket is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TicketError {
    /// It is not one of ours, or was changed.
    Forged,
    /// It is too old.
    Expired,
    /// It was given to another page.
    Origin,
}

/// The key that tickets are signed with.
pub struct TicketKey([u8; 32]);

impl TicketKey {
    /// Derives it from the deployment's key, so that a ticket's signature is of no use as a name.
    #[must_use]
    pub fn derive(deployment_key: &[u8]) -> Self {
        Self(
            mac(deployment_key, b"ticket")
                .finalize()
                .into_bytes()
                .into(),
        )
    }

    /// The deployment's.
    ///
    /// # Errors
    /// If the secret cannot be used.
    pub fn from_env(env: &Env) -> worker::Result<Self> {
        config::secret(env, config::names::DEPLOYMENT_KEY).map(|key| Self::derive(key.as_bytes()))
    }
}

/// The HMAC of `bytes`, ready to be read or compared.
fn mac(key: &[u8], bytes: &[u8]) -> Hmac<Sha256> {
    // As RFC 2104 fits a key to the hash's block, done here because `new_from_slice` could fail for
    // all its type says, and there would be nothing to do about it.
    let hashed: [u8; 32] = Sha256::digest(key).into();
    let fitting = if key.len() > BLOCK { &hashed } else { key };
    let mut block = [0; BLOCK];
    block
        .iter_mut()
        .zip(fitting)
        .for_each(|(place, byte)| *place = *byte);
    Hmac::<Sha256>::new(&block.into()).chain_update(bytes)
}

impl Ticket {
    /// A ticket with a fresh id, valid from `now` on by the wall's clock.
    ///
    /// # Errors
    /// If there is no randomness.
    pub fn new(
        caller: Caller,
        sender: SenderId,
        customer: CustomerAddress,
        thread: ThreadId,
        origin: String,
        now: Timestamp,
    ) -> worker::Result<Self> {
        let mut id = [0; 16];
        getrandom::fill(&mut id).map_err(|error| worker::Error::RustError(error.to_string()))?;
        let expires = caller.expires.min(now + GOOD_FOR);
        Ok(Self {
            id: URL_SAFE_NO_PAD.encode(id),
            caller,
            sender,
            customer,
            thread,
            origin,
            expires,
        })
    }

    /// The ticket as it is handed out.
    #[must_use]
    pub fn issue(&self, key: &TicketKey) -> String {
        // Serialising our own plain structure cannot fail; an empty text would verify as nothing.
        let mut text = URL_SAFE_NO_PAD.encode(crate::json::write(self).unwrap_or_default());
        let signature = mac(&key.0, text.as_bytes()).finalize().into_bytes();
        text.push('.');
        text.push_str(&URL_SAFE_NO_PAD.encode(signature));
        text
    }
}

/// Reads a ticket that a page at `origin` shows at `now` by the wall's clock.
///
/// # Errors
/// [`TicketError`]. The signature is looked at first, in constant time.
pub fn verify(
    key: &TicketKey,
    text: &str,
    origin: &str,
    now: Timestamp,
) -> Result<Ticket, TicketError> {
    let (content, signature) = text.split_once('.').ok_or(TicketError::Forged)?;
    let signature = URL_SAFE_NO_PAD
        .decode(signature)
        .map_err(|_| TicketError::Forged)?;
    mac(&key.0, content.as_bytes())
        .verify_slice(&signature)
        .map_err(|_| TicketError::Forged)?;
    let json = URL_SAFE_NO_PAD
        .decode(content)
        .map_err(|_| TicketError::Forged)?;
    let json = core::str::from_utf8(&json).map_err(|_| TicketError::Forged)?;
    let ticket: Ticket = crate::json::read(json).map_err(|_| TicketError::Forged)?;
    if now >= ticket.expires {
        Err(TicketError::Expired)
    } else if ticket.origin != origin {
        Err(TicketError::Origin)
    } else {
        Ok(ticket)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::caller::{Role, Scope};
    use shared::id::AgentId;

    const NOW: Timestamp = Timestamp(1_000_000);
    const CRM: &str = "https://crm.example.com";

    fn key() -> TicketKey {
        TicketKey::derive(b"a deployment key of thirty-two bytes")
    }

    #[test]
    fn the_signature_is_a_standard_hmac() {
        for key in [&b"key"[..], &[7; 64], &[7; 65], &[7; 200]] {
            let standard = Hmac::<Sha256>::new_from_slice(key)
                .unwrap()
                .chain_update(b"text");
            assert_eq!(
                mac(key, b"text").finalize().into_bytes(),
                standard.finalize().into_bytes()
            );
        }
    }

    fn ticket(token_expires: Timestamp) -> Ticket {
        let caller = Caller {
            id: AgentId::trusted("agent-1"),
            name: "Giulia".into(),
            role: Role::Agent,
            senders: Scope::These(vec![SenderId::trusted("milano")]),
            customers: Some(vec![CustomerAddress::trusted("+393471234567")]),
            expires: token_expires,
        };
        let customer = CustomerAddress::trusted("+393471234567");
        let thread = ThreadId::trusted("t".repeat(43));
        Ticket::new(
            caller,
            SenderId::trusted("milano"),
            customer,
            thread,
            CRM.into(),
            NOW,
        )
        .unwrap()
    }

    fn check(text: &str, origin: &str, now: Timestamp) -> Result<(), TicketError> {
        verify(&key(), text, origin, now).map(|_| ())
    }

    #[test]
    fn a_ticket_comes_back_as_it_was_issued() {
        let ticket = ticket(NOW + Span::minutes(5));
        assert_eq!(verify(&key(), &ticket.issue(&key()), CRM, NOW), Ok(ticket));
    }

    #[test]
    fn it_may_stand_in_a_subprotocol_and_has_one_dot() {
        let text = ticket(NOW + Span::minutes(5)).issue(&key());
        assert_eq!(text.matches('.').count(), 1, "{text}");
        assert!(
            text.bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b)),
            "{text}"
        );
    }

    #[test]
    fn ids_differ() {
        let id = || ticket(NOW + Span::minutes(5)).id;
        assert_ne!(id(), id());
    }

    #[test]
    fn it_expires_after_30_seconds_or_with_the_token() {
        let text = ticket(NOW + Span::minutes(5)).issue(&key());
        assert_eq!(check(&text, CRM, Timestamp(NOW.0 + 29_999)), Ok(()));
        assert_eq!(
            check(&text, CRM, Timestamp(NOW.0 + 30_000)),
            Err(TicketError::Expired)
        );
        let short = ticket(NOW + Span::seconds(3)).issue(&key());
        assert_eq!(
            check(&short, CRM, Timestamp(NOW.0 + 3_000)),
            Err(TicketError::Expired)
        );
    }

    #[test]
    fn another_page_cannot_use_it() {
        let text = ticket(NOW + Span::minutes(5)).issue(&key());
        for origin in [
            "https://evil.example.com",
            "",
            "https://crm.example.com/",
            "null",
        ] {
            assert_eq!(
                check(&text, origin, NOW),
                Err(TicketError::Origin),
                "{origin}"
            );
        }
    }

    #[test]
    fn what_was_changed_or_signed_by_others_is_forged() {
        let ticket = ticket(NOW + Span::minutes(5));
        let text = ticket.issue(&key());
        for place in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(bytes).unwrap();
            assert_eq!(
                check(&changed, CRM, NOW),
                Err(TicketError::Forged),
                "changed at {place}"
            );
        }
        for text in [
            "",
            ".",
            "a.b",
            "e30.",
            text.split_at(text.len() - 1).0,
            &format!("{text}."),
        ] {
            assert_eq!(check(text, CRM, NOW), Err(TicketError::Forged), "{text}");
        }
        let others = ticket.issue(&TicketKey::derive(b"another deployment's key"));
        assert_eq!(check(&others, CRM, NOW), Err(TicketError::Forged));
    }
}
