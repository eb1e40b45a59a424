//! What does the body of an account ask for? Tokens and secrets are sealed here and never leave again.

use super::{Change, Fields, LONGEST_NAME, Problem, Value, given};
use crate::directory::rules::{AccountDraft, Given};
use crate::records::ApiKey;
use crate::seal::{SealingKey, seal};
use shared::id::{AccountId, AccountSid};

/// What `PUT /api/v1/accounts/{account}` asks for. Tokens are sealed here and never leave again.
///
/// # Errors
/// `400` with the field, or `503` if nothing can be sealed.
pub fn account(id: &AccountId, body: &Value, key: &SealingKey) -> Result<Change, Problem> {
    let fields = Fields::of(body)?;
    fields.only(&[
        "name",
        "account_sid",
        "auth_token",
        "next_auth_token",
        "api_key",
        "active",
    ])?;
    let sealed = |name| -> Result<Option<String>, Problem> {
        let Some(token) = fields.optional_text(name)? else {
            return Ok(None);
        };
        if !(8..=128).contains(&token.len()) || !token.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(fields.flaw(
                name,
                "copy-from-console",
                "Twilio's auth token is 32 hexadecimal digits.",
            ));
        }
        seal(key, id, token)
            .map(Some)
            .map_err(|_| Problem::unavailable())
    };
    let account_sid = account_sid(&fields)?;
    let next_token = match sealed("next_auth_token")? {
        Some(token) => Given::Set(token),
        None if fields.is_null("next_auth_token") => Given::Remove,
        None => Given::Keep,
    };
    let api_key = given(&fields, "api_key", |fields| {
        api_key(&fields.object("api_key")?, id, key)
    })?;
    Ok(Change::PutAccount(AccountDraft {
        id: id.clone(),
        name: fields.text("name", LONGEST_NAME)?,
        account_sid,
        token: sealed("auth_token")?,
        next_token,
        api_key,
        without_token: false,
        active: fields.flag("active")?.unwrap_or(true),
    }))
}

/// Twilio's name for the account.
pub(super) fn account_sid(fields: &Fields<'_>) -> Result<AccountSid, Problem> {
    let sid = fields.text("account_sid", LONGEST_NAME)?;
    AccountSid::parse(&sid).ok_or_else(|| {
        fields.flaw(
            "account_sid",
            "copy-from-console",
            "An account SID is AC and 32 hexadecimal digits.",
        )
    })
}

/// A key for Twilio's API: its SID, and its secret sealed.
fn api_key(fields: &Fields<'_>, id: &AccountId, key: &SealingKey) -> Result<ApiKey, Problem> {
    fields.only(&["sid", "secret"])?;
    let sid = fields.text("sid", LONGEST_NAME)?;
    let fits = sid
        .strip_prefix("SK")
        .is_some_and(|rest| rest.len() == 32 && rest.bytes().all(|b| b.is_ascii_hexdigit()));
    if !fits {
        return Err(fields.flaw(
            "sid",
            "copy-from-console",
            "An API key's SID is SK and 32 hexadecimal digits.",
        ));
    }
    let secret = fields.text("secret", LONGEST_NAME)?;
    if secret.len() < 8 || !secret.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(fields.flaw(
            "secret",
            "copy-from-console",
            "The secret is the text that Twilio showed once, when the key was made.",
        ));
    }
    let secret = seal(key, id, &secret).map_err(|_| Problem::unavailable())?;
    Ok(ApiKey { sid, secret })
}
