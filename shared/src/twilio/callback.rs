//! How far did our message get? A status callback, read from Twilio's webhook.

use super::form::Form;
use super::parameter::{self, Fault, given};
use crate::delivery::{Delivery, Status};
use crate::id::{AccountSid, MessageSid};
use core::fmt;

/// Twilio's report about a message of ours. Order and repetition mean nothing: merge it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Callback {
    /// Twilio's name for the message.
    pub sid: MessageSid,
    /// The account it left by: to be compared with ours.
    pub account_sid: AccountSid,
    /// The status, and the error code of a failure.
    pub report: Delivery,
}

/// Why a form is not a status report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallbackError {
    /// This parameter is not there, or empty.
    Missing(&'static str),
    /// This parameter is not what it should be.
    Malformed(&'static str),
    /// A status we do not know: to be acknowledged, logged and ignored, since Twilio adds values
    /// without notice.
    UnknownStatus(String),
}

impl CallbackError {
    /// The stable code for logs.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Missing(_) => "callback-parameter-missing",
            Self::Malformed(_) => "callback-parameter-malformed",
            Self::UnknownStatus(_) => "callback-unknown-status",
        }
    }

    /// The parameter in question.
    #[must_use]
    pub const fn parameter(&self) -> &'static str {
        match self {
            Self::Missing(name) | Self::Malformed(name) => name,
            Self::UnknownStatus(_) => STATUS,
        }
    }
}

impl fmt::Display for CallbackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.code(), self.parameter())
    }
}

impl core::error::Error for CallbackError {}

impl From<Fault> for CallbackError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Missing(name) => Self::Missing(name),
            Fault::Malformed(name) => Self::Malformed(name),
        }
    }
}

/// The status's parameter, and its older name with the same value.
const STATUS: &str = "MessageStatus";
const OLDER_STATUS: &str = "SmsStatus";

impl Callback {
    /// Reads a form whose signature was verified.
    ///
    /// # Errors
    /// [`CallbackError`], if it does not say what happened to which message.
    pub fn parse(form: &Form) -> Result<Self, CallbackError> {
        let sid = parameter::message_sid(form)?;
        let account_sid = parameter::account_sid(form)?;
        let name = given(form, STATUS).or_else(|| given(form, OLDER_STATUS));
        let name = name.ok_or(CallbackError::Missing(STATUS))?;
        let status =
            Status::parse(name).ok_or_else(|| CallbackError::UnknownStatus(name.into()))?;
        // A code that cannot be read must not hide the failure it came with; 0 is none.
        let code = given(form, "ErrorCode")
            .and_then(|code| code.parse().ok())
            .filter(|code| *code != 0);
        Ok(Self {
            sid,
            account_sid,
            report: Delivery::report(status, code),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::twilio::form;
    use proptest::prelude::*;

    const SID: &str = "SM0123456789abcdef0123456789abcdef";
    const ACCOUNT: &str = "AC0123456789abcdef0123456789abcdef";

    fn check(rest: &str, expected: Result<Delivery, CallbackError>) {
        let body = ["MessageSid=", SID, "&AccountSid=", ACCOUNT, rest].concat();
        let found = Callback::parse(&form::parse(body.as_bytes()).unwrap_or_default());
        assert_eq!(found.map(|callback| callback.report), expected, "{rest}");
    }

    #[test]
    fn as_captured_from_whatsapp() {
        let of = |status| Ok(Delivery::report(status, None));
        check(
            "&EventType=READ&SmsStatus=read&MessageStatus=read&ChannelToAddress=%2B39347123XXXX\
             &To=whatsapp%3A%2B393471234567&ChannelPrefix=whatsapp&From=whatsapp%3A%2B14155238886\
             &ApiVersion=2010-04-01",
            of(Status::Read),
        );
        check(
            "&SmsStatus=sent&MessageStatus=sent&ChannelToAddress=%2B39347123XXXX&ChannelPrefix=whatsapp\
             &StructuredMessage=false&ApiVersion=2010-04-01&ChannelInstallSid=XE0123456789abcdef0123456789abcdef",
            of(Status::Sent),
        );
        check(
            "&EventType=DELIVERED&MessageStatus=delivered",
            of(Status::Delivered),
        );
        check("&SmsStatus=queued", of(Status::Queued));
    }

    #[test]
    fn a_failure_brings_its_code() {
        let failed = |code| Ok(Delivery::report(Status::Failed, code));
        check(
            "&MessageStatus=failed&ErrorCode=63016&ChannelStatusMessage=Outside",
            failed(Some(63_016)),
        );
        check("&MessageStatus=failed&ErrorCode=", failed(None));
        check("&MessageStatus=failed&ErrorCode=0", failed(None));
        check("&MessageStatus=failed&ErrorCode=E63016", failed(None));
        check(
            "&MessageStatus=undelivered&ErrorCode=63024",
            Ok(Delivery::report(Status::Undelivered, Some(63_024))),
        );
        check(
            "&MessageStatus=delivered&ErrorCode=63016",
            Ok(Delivery::report(Status::Delivered, None)),
        );
    }

    #[test]
    fn what_is_no_report() {
        check(
            "&MessageStatus=teleported",
            Err(CallbackError::UnknownStatus("teleported".into())),
        );
        check(
            "&MessageStatus=received",
            Err(CallbackError::UnknownStatus("received".into())),
        );
        check("", Err(CallbackError::Missing("MessageStatus")));
        let found = |body: &str| Callback::parse(&form::parse(body.as_bytes()).unwrap_or_default());
        assert_eq!(
            found("MessageStatus=sent"),
            Err(CallbackError::Missing("MessageSid"))
        );
        assert_eq!(
            found("MessageStatus=sent&MessageSid=SM12"),
            Err(CallbackError::Malformed("MessageSid"))
        );
        let no_account = ["MessageStatus=sent&AccountSid=&MessageSid=", SID].concat();
        assert_eq!(
            found(&no_account),
            Err(CallbackError::Missing("AccountSid"))
        );
    }

    proptest! {
        #[test]
        fn any_form_is_read_without_panic(status in any::<String>(), code in any::<String>()) {
            let params = vec![
                ("MessageSid".into(), SID.into()),
                ("AccountSid".into(), ACCOUNT.into()),
                ("MessageStatus".into(), status),
                ("ErrorCode".into(), code),
            ];
            let _ = Callback::parse(&form::Form::new(params));
        }
    }
}
