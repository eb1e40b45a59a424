//! As whom do we call Twilio? As the account with its token, or with an API key of it.

use crate::records::AccountRecord;
use crate::tokens;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use shared::id::AccountSid;
use worker::Env;

/// What a call authenticates itself with (HTTP Basic). It lives as long as one call and is neither
/// printed nor stored.
#[derive(Clone)]
pub struct Credentials {
    /// The account that is called for. In a path it stands also when an API key is used.
    pub account_sid: AccountSid,
    user: String,
    password: String,
}

impl Credentials {
    /// The account's SID and auth token: they may do everything.
    #[must_use]
    pub fn token(account_sid: &AccountSid, token: &str) -> Self {
        Self {
            account_sid: account_sid.clone(),
            user: account_sid.as_str().into(),
            password: token.into(),
        }
    }

    /// An API key's SID (`SK…`) and secret. A *Standard* key may do everything but read the account and
    /// manage keys; a *Restricted* one what it was made for.
    #[must_use]
    pub fn api_key(account_sid: &AccountSid, key_sid: &str, secret: &str) -> Self {
        Self {
            account_sid: account_sid.clone(),
            user: key_sid.into(),
            password: secret.into(),
        }
    }

    /// What an account calls Twilio with. `None` if there is nothing that can be opened.
    ///
    /// This is the one place that chooses: an API key, if there is one, goes before the token.
    #[must_use]
    pub fn of(env: &Env, account: &AccountRecord) -> Option<Self> {
        let (token, key) = Self::both(env, account);
        key.or(token)
    }

    /// Both ways of calling Twilio that an account has: its token, and its API key.
    #[must_use]
    pub fn both(env: &Env, account: &AccountRecord) -> (Option<Self>, Option<Self>) {
        let sid = &account.account_sid;
        let token = tokens::current(env, account).map(|token| Self::token(sid, &token));
        let key = account.api_key.as_ref().and_then(|key| {
            let secret = tokens::secret(env, account, key)?;
            Some(Self::api_key(sid, &key.sid, &secret))
        });
        (token, key)
    }

    /// The value of the `Authorization` header.
    pub(super) fn authorization(&self) -> String {
        let pair = [self.user.as_str(), ":", &self.password].concat();
        ["Basic ", &STANDARD.encode(pair)].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_names_the_account_or_the_key() {
        let sid = AccountSid::trusted("AC1");
        let header = |credentials: Credentials| credentials.authorization();
        assert_eq!(header(Credentials::token(&sid, "t")), "Basic QUMxOnQ=");
        let key = Credentials::api_key(&sid, "SK2", "s");
        assert_eq!(key.account_sid, sid);
        assert_eq!(header(key), "Basic U0syOnM=");
    }
}
