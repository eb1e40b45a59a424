//! What is told to a caller whose request was not carried out? RFC 9457 problem documents.
//!
//! Each has a stable `code`, and where the caller can do something about it a `remedy` and the
//! facts. A refusal of the rule is such a document, too, with the refusal's own code and facts.

use crate::json::{self, object};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use shared::policy::Refusal;
use std::ops::{Deref, DerefMut};

/// Why a request was not carried out. One word wide, since whatever may fail hands it on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Problem(Box<Particulars>);

/// What there is to say of a problem.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Particulars {
    /// The HTTP status.
    pub status: u16,
    /// The stable code.
    pub code: String,
    /// What to do instead: a stable code as well.
    pub remedy: Option<String>,
    /// A sentence for the developer who reads the answer.
    pub detail: Option<String>,
    /// The facts: limit and actual, since when.
    pub facts: Map<String, Value>,
    /// The refusal itself, if the rule refused: for callers in the same object. Code, facts and
    /// remedy say the same to everybody else.
    #[serde(skip)]
    pub refusal: Option<Refusal>,
}

impl Deref for Problem {
    type Target = Particulars;

    fn deref(&self) -> &Particulars {
        &self.0
    }
}

impl DerefMut for Problem {
    fn deref_mut(&mut self) -> &mut Particulars {
        &mut self.0
    }
}

impl Problem {
    /// A problem with a status and a code.
    #[must_use]
    pub fn new(status: u16, code: &str) -> Self {
        Self(Box::new(Particulars {
            status,
            code: code.into(),
            remedy: None,
            detail: None,
            facts: Map::new(),
            refusal: None,
        }))
    }

    /// No valid token.
    #[must_use]
    pub fn unauthorized(code: &str) -> Self {
        Self::new(401, code).remedy("get-a-new-token")
    }

    /// Also what is out of the caller's scope: it looks as if it did not exist.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(404, "not-found")
    }

    /// Something of ours could not be reached. Nothing was changed, or repeating changes nothing.
    #[must_use]
    pub fn unavailable() -> Self {
        Self::new(503, "unavailable").remedy("try-again")
    }

    /// The rule refuses: `409`, with the refusal's code, facts and remedy.
    #[must_use]
    pub fn refused(refusal: &Refusal) -> Self {
        let facts = match json::value(refusal) {
            Value::Object(tagged) => match tagged.into_iter().next() {
                Some((_, Value::Object(facts))) => facts,
                _ => Map::new(),
            },
            _ => Map::new(),
        };
        let mut problem = Self::new(409, refusal.code()).remedy(refusal.remedy().code());
        problem.facts = facts;
        problem.refusal = Some(refusal.clone());
        problem
    }

    /// The refusal this problem carries, if it carries one.
    #[must_use]
    pub fn refusal(&self) -> Option<Refusal> {
        self.refusal.clone()
    }

    /// With a sentence for the developer.
    #[must_use]
    pub fn because(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// With what to do instead.
    #[must_use]
    pub fn remedy(mut self, remedy: &str) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    /// With a fact.
    #[must_use]
    pub fn fact(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.facts.insert(name.into(), value.into());
        self
    }

    /// The document.
    #[must_use]
    pub fn document(&self) -> Value {
        let mut document = object! {
            "type": format!("urn:finestra:problem:{}", self.code),
            "title": self.code.replace('-', " "),
            "status": self.status,
            "code": self.code,
        };
        if let Some(fields) = document.as_object_mut() {
            if let Some(remedy) = &self.remedy {
                fields.insert("remedy".into(), remedy.as_str().into());
            }
            if let Some(detail) = &self.detail {
                fields.insert("detail".into(), detail.as_str().into());
            }
            if !self.facts.is_empty() {
                fields.insert("facts".into(), Value::Object(self.facts.clone()));
            }
        }
        document
    }
}

impl From<worker::Error> for Problem {
    /// An outage: logged here, once, and told without particulars.
    fn from(error: worker::Error) -> Self {
        worker::console_error!("unavailable: {error}");
        Self::unavailable()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use shared::time::Timestamp;

    #[test]
    fn a_refusal_carries_code_facts_and_remedy() {
        let refusal = Refusal::WindowClosed {
            since: Some(Timestamp(5)),
        };
        let document = Problem::refused(&refusal).document();
        assert_eq!(document["code"], "window-closed");
        assert_eq!(document["facts"]["since"], 5);
        assert_eq!(document["remedy"], "send-template");
        assert_eq!(document["status"], 409);
        let too_long = Problem::refused(&Refusal::TextTooLong {
            limit: 1600,
            actual: 1601,
        })
        .document();
        assert_eq!(too_long["facts"], json!({"limit": 1600, "actual": 1601}));
        assert_eq!(
            Problem::refused(&Refusal::TextEmpty).document()["remedy"],
            "edit-text"
        );
    }
}
