//! Why not, and what instead: refusals and failures in the locale's words, with their facts.

use super::Widget;
use super::super::ports;
use crate::clock::Moment;
use crate::phrase::fill;
use crate::progress::Failure;
use shared::policy::Refusal;

impl Widget {
    fn keyed(&self, family: &str, code: &str) -> String {
        let mut key = String::from(family);
        key.push_str(code);
        self.word(&key)
    }

    /// Why the rule refuses.
    pub(super) fn refusal(&self, refusal: &Refusal, moment: Moment) -> String {
        let words = self.keyed("refusal.", refusal.code());
        let mut second = String::new();
        let (name, value) = match refusal {
            Refusal::OptedOut { since } | Refusal::WindowClosed { since: Some(since) } => {
                ("since", self.when(*since, moment))
            }
            Refusal::TextTooLong { limit, actual } => {
                second = self.number(*actual as usize);
                ("limit", self.number(*limit as usize))
            }
            Refusal::TemplateLanguage { language } => ("language", ports::language(&self.kit, language)),
            Refusal::TemplateNotApproved { approval } => ("approval", self.keyed("approval.", approval.code())),
            Refusal::TemplateKind { kind } => ("kind", self.keyed("kind.", kind.code())),
            Refusal::VariableMissing { variable }
            | Refusal::VariableBlank { variable }
            | Refusal::VariableUnexpected { variable }
            | Refusal::VariableWhitespace { variable } => ("variable", variable.clone()),
            _ => return words,
        };
        fill(&words, &[(name, &value), ("actual", &second)])
    }

    /// What to do instead.
    pub(super) fn remedy(&self, refusal: &Refusal) -> String {
        self.keyed("remedy.", refusal.remedy().code())
    }

    /// Why a message failed, and what to do.
    pub(super) fn failure(&self, failure: &Failure, moment: Moment) -> String {
        match failure {
            Failure::Refused(refusal) => {
                let mut text = self.refusal(refusal, moment);
                text.push(' ');
                text.push_str(&self.remedy(refusal));
                text
            }
            Failure::Trouble(trouble) => self.keyed("trouble.", trouble.code()),
            Failure::Code(None) => self.word("failure.none"),
            Failure::Code(Some(code)) => {
                let mut digits = String::new();
                crate::phrase::decimal(&mut digits, u64::from(*code));
                let words = self.keyed("failure.", &digits);
                let words = if words.is_empty() { self.word("failure.unknown") } else { words };
                fill(&words, &[("code", &digits)])
            }
        }
    }
}
