//! Why not, and what instead: refusals and failures in the locale's words, with their facts.

use super::{keyed, ports};
use crate::clock::Moment;
use crate::model::Model;
use crate::phrase::{decimal, fill};
use crate::progress::Failure;
use shared::policy::Refusal;
use shared::time::Timestamp;

/// A point in time as people say it.
pub(super) fn when(model: &Model, at: Timestamp, moment: Moment) -> String {
    ports::when(at.0 as f64, model.about_now(moment).0 as f64)
}

/// Why the rule refuses.
pub(super) fn refusal(model: &Model, refusal: &Refusal, moment: Moment) -> String {
    let words = keyed("refusal.", refusal.code());
    let mut actual = String::new();
    let (name, value) = match refusal {
        Refusal::OptedOut { since } | Refusal::WindowClosed { since: Some(since) } => {
            ("since", when(model, *since, moment))
        }
        Refusal::TextTooLong {
            limit,
            actual: length,
        } => {
            actual = ports::number(*length);
            ("limit", ports::number(*limit))
        }
        Refusal::TemplateLanguage { language } => ("language", ports::language(language)),
        Refusal::TemplateNotApproved { approval } => {
            ("approval", keyed("approval.", approval.code()))
        }
        Refusal::TemplateKind { kind } => ("kind", keyed("kind.", kind.code())),
        Refusal::VariableMissing { variable }
        | Refusal::VariableBlank { variable }
        | Refusal::VariableUnexpected { variable }
        | Refusal::VariableWhitespace { variable } => ("variable", variable.clone()),
        _ => return words,
    };
    fill(&words, &[(name, &value), ("actual", &actual)])
}

/// What to do instead.
pub(super) fn remedy(refusal: &Refusal) -> String {
    keyed("remedy.", refusal.remedy().code())
}

/// Why a message failed, and what to do.
pub(super) fn failure(model: &Model, failure: &Failure, moment: Moment) -> String {
    match failure {
        Failure::Refused(why) => {
            let mut text = refusal(model, why, moment);
            text.push(' ');
            text.push_str(&remedy(why));
            text
        }
        Failure::Trouble(trouble) => keyed("trouble.", trouble.code()),
        Failure::Code(None) => ports::word("failure.none"),
        Failure::Code(Some(code)) => {
            let mut digits = String::new();
            decimal(&mut digits, u64::from(*code));
            let words = keyed("failure.", &digits);
            let words = if words.is_empty() {
                ports::word("failure.unknown")
            } else {
                words
            };
            fill(&words, &[("code", &digits)])
        }
    }
}
