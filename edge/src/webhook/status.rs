//! Twilio reports a status: `POST /twilio/{account}/status?m={thread}.{message}`.
//!
//! `m` is our own name for the message, so that a report finds its way before we know Twilio's.
//! Without it (a number's own status URL) thread and message are found by address and SID.

use super::admission::{Admitted, admit};
use crate::directory::passing;
use crate::http::{Answer, Ask};
use crate::objects::Reply;
use crate::records::AccountRecord;
use crate::thread::calls::{self, Call};
use shared::address::CustomerAddress;
use shared::id::{MessageId, ThreadId};
use shared::twilio::{Callback, CallbackError, Form};
use worker::{Context, Env};

/// Takes the report: `204` once it is durable.
pub async fn receive(env: &Env, context: &Context, ask: Ask, account: &str) -> Answer {
    let named = ask.parameter("m");
    let Admitted { account, form, .. } = match admit(env, context, ask, account).await {
        Ok(admitted) => admitted,
        Err(answer) => return answer,
    };
    match Callback::parse(&form) {
        Ok(callback) if callback.account_sid == account.account_sid => {
            passing::reported(env, context, &account.id, callback.report.code);
        }
        Ok(_) => return Answer::empty(204),
        Err(CallbackError::UnknownStatus(status)) => {
            // Twilio adds values without notice; nothing of the customer's is in it.
            worker::console_warn!(
                "account {}: unknown status {}",
                account.id.as_str(),
                printable(&status)
            );
            return Answer::empty(204);
        }
        Err(error) => return crate::problem::Problem::new(400, error.code()).into(),
    }
    match take_in(env, &account, named.as_deref(), &form).await {
        Ok(()) => Answer::empty(204),
        // A message that is not there any more has no status.
        Err(problem) if problem.status == 404 => Answer::empty(204),
        Err(problem) => problem.into(),
    }
}

async fn take_in(
    env: &Env,
    account: &AccountRecord,
    named: Option<&str>,
    form: &Form,
) -> Reply<()> {
    let named = named.and_then(parse_name);
    let (thread, message) = match named {
        Some((thread, message)) => (thread, Some(message)),
        None => match by_address(env, account, form)? {
            Some(thread) => (thread, None),
            None => return Ok(()),
        },
    };
    let call = Call::Status {
        message,
        params: form.params().to_vec(),
    };
    calls::call(env, &thread, &call).await
}

fn parse_name(name: &str) -> Option<(ThreadId, MessageId)> {
    let (thread, message) = name.split_once('.')?;
    Some((ThreadId::parse(thread)?, MessageId::parse(message)?))
}

fn by_address(env: &Env, account: &AccountRecord, form: &Form) -> Reply<Option<ThreadId>> {
    let from = form
        .get("From")
        .and_then(|from| CustomerAddress::parse(from).ok());
    let to = form
        .get("To")
        .and_then(|to| CustomerAddress::parse(to).ok());
    let (Some(from), Some(to)) = (from, to) else {
        return Ok(None);
    };
    let sender = account
        .senders
        .iter()
        .find(|sender| sender.sender.number == from.as_str());
    sender
        .map(|sender| super::messages::name_of(env, sender, &to))
        .transpose()
}

/// At most 40 visible ASCII characters of something that came from outside, for a log line.
fn printable(text: &str) -> String {
    text.chars()
        .filter(char::is_ascii_graphic)
        .take(40)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_name_for_a_message_names_its_thread() {
        let thread = "A".repeat(43);
        let message = "0123456789abcdef0123456789abcdef";
        let (t, m) = parse_name(&format!("{thread}.{message}")).unwrap();
        assert_eq!((t.as_str(), m.as_str()), (thread.as_str(), message));
        for bad in ["", ".", "a.b", message] {
            assert_eq!(parse_name(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_log_line_stays_one_line() {
        assert_eq!(printable("new\nstatus \u{1b}[31m"), "newstatus[31m");
    }
}
