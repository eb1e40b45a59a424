//! What does an error code mean for us? One table, and what Twilio's answer to a create says.
//!
//! Twilio advises against acting upon its codes, and offers nothing else to act upon. So only codes
//! whose meaning is documented have a row, and a code we do not know changes nothing and is never
//! tried again: <https://www.twilio.com/docs/api/errors>.

use Consequence::{
    Blocked, ConfigurationFault, None as Nothing, OptedOut, RecipientUnreachable, SandboxNotJoined,
    TemplateFault, WindowClosed,
};
use Retry::{Ambiguous, Later, Never};

/// What may be done with a message that met an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Retry {
    /// It would meet it again.
    Never,
    /// It surely was not processed, and will be taken once there is less to do.
    Later,
    /// It may have been processed: look before it is sent again.
    Ambiguous,
}

/// What an error says beyond this one message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Consequence {
    /// Nothing.
    None,
    /// The window is closed on WhatsApp's clock: only a template may leave.
    WindowClosed,
    /// The customer told Twilio to stop: nothing may leave until they write again.
    OptedOut,
    /// The customer blocked us or took consent back.
    Blocked,
    /// Account, number or webhook are not set up as they must be: every message would meet it.
    ConfigurationFault,
    /// There is nobody on WhatsApp at this address who can be reached.
    RecipientUnreachable,
    /// The template, as it is at WhatsApp, cannot be sent like this.
    TemplateFault,
    /// The customer has not joined the sandbox, or its three days are over: ask them to join.
    SandboxNotJoined,
}

/// What one error code means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rule {
    /// What may be done with the message.
    pub retry: Retry,
    /// What it says beyond the message.
    pub consequence: Consequence,
}

/// The rule for an error code, wherever it was met: in an answer or in a status callback.
#[must_use]
pub fn rule(code: u32) -> Rule {
    let known = RULES.iter().find(|(known, ..)| *known == code);
    let (retry, consequence) = known.map_or(
        (Retry::Never, Consequence::None),
        |(_, retry, consequence)| (*retry, *consequence),
    );
    Rule { retry, consequence }
}

/// What may be done after Twilio's answer to a create that was not `201`: its HTTP status, and the
/// code of its body if it had one that could be read.
#[must_use]
pub fn http(status: u16, code: Option<u32>) -> Retry {
    match status {
        // "Never processed and is always safe to retry."
        429 => Retry::Later,
        // Whoever gave up waiting, Twilio may still have taken it.
        408 => Retry::Ambiguous,
        // Refused; some codes only for now.
        400..=499 => match code.map(rule) {
            Some(Rule {
                retry: Retry::Later,
                ..
            }) => Retry::Later,
            _ => Retry::Never,
        },
        // A server's error, a proxy's page, a success that does not say what became of it.
        _ => Retry::Ambiguous,
    }
}

const RULES: &[(u32, Retry, Consequence)] = &[
    // Credentials are wrong, or the account is suspended.
    (20_003, Never, ConfigurationFault),
    // Too many requests at once: never processed.
    (20_429, Later, Nothing),
    // Twilio's server failed, or was not there.
    (20_500, Ambiguous, Nothing),
    (20_503, Ambiguous, Nothing),
    // `To` is no address, or not one that can be reached.
    (21_211, Never, RecipientUnreachable),
    (21_217, Never, RecipientUnreachable),
    // The country is not allowed for SMS: the `whatsapp:` prefix was lost.
    (21_408, Never, ConfigurationFault),
    // `From` is not a number of this account.
    (21_606, Never, ConfigurationFault),
    // A trial account, and a number it has not verified.
    (21_608, Never, ConfigurationFault),
    // The status callback's URL is not one.
    (21_609, Never, ConfigurationFault),
    // The customer told Twilio to stop.
    (21_610, Never, OptedOut),
    // The number's queue is full.
    (21_611, Later, Nothing),
    // A landline.
    (21_614, Never, RecipientUnreachable),
    // `ContentVariables` without, or with a wrong, `ContentSid`; or not JSON.
    (21_654, Never, TemplateFault),
    (21_655, Never, TemplateFault),
    (21_656, Never, TemplateFault),
    // `From` and `To` are of different channels.
    (21_910, Never, ConfigurationFault),
    // The account's queue is full.
    (30_001, Later, Nothing),
    // Unknown, and a provider's time-out, which Twilio does not retry so as not to send twice.
    (30_008, Ambiguous, Nothing),
    (30_410, Ambiguous, Nothing),
    // WhatsApp did not accept our credentials.
    (63_001, Never, ConfigurationFault),
    // Nobody on WhatsApp has this number.
    (63_003, Never, RecipientUnreachable),
    // The number is not registered with WhatsApp, or belongs to another account.
    (63_007, Never, ConfigurationFault),
    // WhatsApp's or Twilio's server failed.
    (63_009, Ambiguous, Nothing),
    (63_010, Ambiguous, Nothing),
    (63_012, Ambiguous, Nothing),
    // The customer blocked us or took consent back.
    (63_014, Never, Blocked),
    (63_015, Never, SandboxNotJoined),
    // Outside the window.
    (63_016, Never, WindowClosed),
    // More messages a second than the account may send; more conversations a day than the number may open.
    (63_017, Later, Nothing),
    (63_018, Later, Nothing),
    // The business has not accepted Twilio's invitation at Meta.
    (63_020, Never, ConfigurationFault),
    // The content is not valid, or too long once filled in.
    (63_021, Never, TemplateFault),
    // Not on WhatsApp, its terms not accepted, or too old an app.
    (63_024, Never, RecipientUnreachable),
    // No such language; another number of variables; a parameter the template does not take.
    (63_027, Never, TemplateFault),
    (63_028, Never, TemplateFault),
    (63_030, Never, TemplateFault),
    // Blocked, as reported until 2023; since then such a message stays `sent`.
    (63_033, Never, Blocked),
    // The account's messages for today are used up.
    (63_038, Later, Nothing),
    // The template is rejected, paused, disabled.
    (63_040, Never, TemplateFault),
    (63_041, Never, TemplateFault),
    (63_042, Never, TemplateFault),
    // The business account is locked; the terms for marketing messages are not accepted.
    (63_051, Never, ConfigurationFault),
    (63_062, Never, ConfigurationFault),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn check(codes: &[u32], retry: Retry, consequence: Consequence) {
        for code in codes {
            assert_eq!(rule(*code), Rule { retry, consequence }, "{code}");
        }
    }

    #[test]
    fn what_the_codes_mean() {
        check(&[63_016], Never, WindowClosed);
        check(&[21_610], Never, OptedOut);
        check(&[63_014], Never, Blocked);
        check(&[63_015], Never, SandboxNotJoined);
        check(&[20_003, 21_606, 63_007, 63_020], Never, ConfigurationFault);
        check(&[63_003, 63_024], Never, RecipientUnreachable);
        check(
            &[63_021, 63_027, 63_028, 63_030, 63_040, 63_041, 63_042],
            Never,
            TemplateFault,
        );
        check(&[20_429, 63_017, 63_018], Later, Nothing);
        check(&[20_500, 30_410, 63_012], Ambiguous, Nothing);
    }

    #[test]
    fn a_code_we_do_not_know_changes_nothing() {
        check(
            &[0, 1, 63_013, 63_032, 63_049, 99_999, u32::MAX],
            Never,
            Nothing,
        );
    }

    #[test]
    fn each_code_once_and_in_order() {
        assert!(RULES.is_sorted_by(|one, next| one.0 < next.0));
    }

    #[test]
    fn what_has_a_consequence_is_never_tried_again() {
        for (code, retry, consequence) in RULES {
            assert!(*consequence == Nothing || *retry == Never, "{code}");
        }
    }

    #[test]
    fn only_what_surely_was_not_processed_is_tried_again() {
        let check =
            |status, code, expected| assert_eq!(http(status, code), expected, "{status} {code:?}");
        check(429, None, Later);
        check(429, Some(20_429), Later);
        check(400, Some(21_211), Never);
        check(400, Some(21_611), Later);
        check(401, Some(20_003), Never);
        check(404, None, Never);
        check(400, Some(20_500), Never);
        check(408, None, Ambiguous);
        for status in [200, 201, 302, 500, 502, 503, 504, 599, 0] {
            check(status, None, Ambiguous);
            check(status, Some(20_429), Ambiguous);
        }
    }
}
