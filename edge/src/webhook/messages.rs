//! The customer wrote: `POST /twilio/{account}/messages`.
//!
//! One read of KV, one hop to the thread's object, `200` once it is durable. What cannot be placed
//! is kept as unrouted and answered `200` as well: it is Twilio's, and nobody will send it again.

use super::admission::{Admitted, admit};
use crate::directory::passing;
use crate::http::{Answer, Ask};
use crate::objects::Reply;
use crate::records::{AccountRecord, SenderRecord};
use crate::thread::calls;
use crate::{config, directory, kv};
use shared::address::CustomerAddress;
use shared::id::ThreadId;
use shared::identity;
use shared::time::Timestamp;
use shared::twilio::{Form, Inbound, webhook_answer};
use worker::{Context, Env};

/// Why a genuine webhook cannot be placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unrouted {
    Unreadable(&'static str),
    OtherAccount,
    NotOurNumber,
    FromOurselves,
}

impl Unrouted {
    const fn code(self) -> &'static str {
        match self {
            Self::Unreadable(code) => code,
            Self::OtherAccount => "other-account",
            Self::NotOurNumber => "not-our-number",
            Self::FromOurselves => "from-ourselves",
        }
    }
}

/// Takes the webhook. `at` is when it arrived, taken before anything else.
pub async fn receive(
    env: &Env,
    context: &Context,
    ask: Ask,
    account: &str,
    at: Timestamp,
) -> Answer {
    let Admitted {
        account,
        form,
        body,
    } = match admit(env, context, ask, account).await {
        Ok(admitted) => admitted,
        Err(answer) => return answer,
    };
    passing::webhook(env, context, &account.id, at);
    match take_in(env, &account, &form, body, at).await {
        Ok(()) => Answer::text(200, "text/xml", webhook_answer()),
        Err(problem) => problem.into(),
    }
}

/// Hands a genuine message to its thread: from a webhook, or recovered from Twilio's list. `body` is
/// the form as it came.
///
/// # Errors
/// If it could not be made durable: Twilio then tries again.
pub async fn take_in(
    env: &Env,
    account: &AccountRecord,
    form: &Form,
    body: String,
    at: Timestamp,
) -> Reply<()> {
    let fresh;
    let mut placed = place(account, form);
    if let Err(Unrouted::NotOurNumber | Unrouted::OtherAccount) = placed {
        // KV may not know a number that was added a minute ago.
        fresh = directory::calls::account(env, &account.id).await?;
        placed = place(fresh.as_ref().unwrap_or(account), form);
    }
    match placed {
        Ok((sender, inbound)) => {
            let thread = thread_of(env, sender, &inbound).await?;
            calls::arrive(env, &thread, at, sender, &body).await
        }
        Err(why) => {
            directory::calls::keep_unrouted(
                env,
                &account.id,
                form.params().to_vec(),
                why.code().into(),
                at,
            )
            .await
        }
    }
}

/// Which of the account's numbers it was sent to.
fn place<'a>(
    account: &'a AccountRecord,
    form: &Form,
) -> Result<(&'a SenderRecord, Inbound), Unrouted> {
    let inbound = Inbound::parse(form).map_err(|error| Unrouted::Unreadable(error.code()))?;
    if inbound.account_sid != account.account_sid {
        return Err(Unrouted::OtherAccount);
    }
    if account
        .senders
        .iter()
        .any(|sender| sender.sender.number == inbound.from.as_str())
    {
        return Err(Unrouted::FromOurselves);
    }
    let sender = account
        .senders
        .iter()
        .find(|sender| sender.sender.number == inbound.to)
        .ok_or(Unrouted::NotOurNumber)?;
    Ok((sender, inbound))
}

/// The thread a message belongs to. A phone names it; a business-scoped id may be an alias.
async fn thread_of(env: &Env, sender: &SenderRecord, inbound: &Inbound) -> Reply<ThreadId> {
    let name = name_of(env, sender, &inbound.from)?;
    if inbound.from.is_phone() {
        return Ok(name);
    }
    let alias = kv::get::<kv::Aliases>(env, &name).await?;
    Ok(alias.unwrap_or(name))
}

/// The name of the thread between a sender and an address.
///
/// # Errors
/// If the deployment's key cannot be used.
pub fn name_of(env: &Env, sender: &SenderRecord, address: &CustomerAddress) -> Reply<ThreadId> {
    Ok(identity::thread_id(
        &config::naming_key(env)?,
        &sender.sender.id,
        address,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::consent::ConsentWords;
    use shared::id::{AccountId, AccountSid, SenderId};
    use shared::policy::Sender;
    use shared::time::Span;

    const SID: &str = "AC0123456789abcdef0123456789abcdef";

    fn account() -> AccountRecord {
        let id = AccountId::trusted("demo");
        let sender = SenderRecord {
            version: 1,
            account: id.clone(),
            account_sid: AccountSid::trusted(SID),
            sender: Sender {
                id: SenderId::trusted("milano"),
                name: "Milano".into(),
                number: "+390200000001".into(),
                language: "it".into(),
                margin: Span::seconds(15),
                active: true,
                templates: vec![],
            },
            words: ConsentWords::default(),
            recover_from: None,
        };
        AccountRecord {
            id,
            version: 1,
            account_sid: AccountSid::trusted(SID),
            token: String::new(),
            next_token: None,
            api_key: None,
            active: true,
            senders: vec![sender],
        }
    }

    fn check(changes: &[(&str, &str)], expected: Result<&str, Unrouted>) {
        let mut params: Vec<(String, String)> = [
            ("MessageSid", "SM0123456789abcdef0123456789abcdef"),
            ("AccountSid", SID),
            ("From", "whatsapp:+393471234567"),
            ("To", "whatsapp:+390200000001"),
            ("Body", "Ciao"),
            ("NumMedia", "0"),
            ("SmsStatus", "received"),
        ]
        .iter()
        .map(|(name, value)| ((*name).to_string(), (*value).to_string()))
        .collect();
        for (name, value) in changes {
            params.retain(|(known, _)| known != name);
            params.push(((*name).into(), (*value).into()));
        }
        let account = account();
        let placed = place(&account, &Form::new(params))
            .map(|(sender, _)| sender.sender.id.as_str().to_string());
        assert_eq!(placed, expected.map(String::from), "{changes:?}");
    }

    #[test]
    fn a_webhook_belongs_to_the_paths_account_or_is_unrouted() {
        check(&[], Ok("milano"));
        check(
            &[("To", "whatsapp:+390200000009")],
            Err(Unrouted::NotOurNumber),
        );
        check(
            &[("AccountSid", "ACffffffffffffffffffffffffffffffff")],
            Err(Unrouted::OtherAccount),
        );
        check(
            &[("From", "whatsapp:+390200000001")],
            Err(Unrouted::FromOurselves),
        );
    }
}
