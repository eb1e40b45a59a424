//! How does the console do what it does? As a client of the REST API, in the same isolate: the same
//! routes, the same checks of role and scope, the same problems. It has no other way.

use super::desk::Desk;
use super::page::Page;
use crate::http::{Answer, Ask};
use crate::problem::Problem;
use crate::routes::administration;
use serde_json::Value;
use worker::Env;

/// A visit: the visitor, and the API on their behalf.
pub struct Visit<'a> {
    /// The deployment.
    pub env: &'a Env,
    /// The visitor.
    pub desk: Desk,
}

/// What a form asks of the API: calls, one after the other, and then the page that shows what was done.
/// Decided without asking anybody, so that it can be decided in one place and asked for in another.
pub struct Deed {
    calls: Vec<(&'static str, String, Option<Value>, When)>,
    go: String,
}

impl Deed {
    /// Nothing to ask for yet; afterwards the page at `go`, which says what was done by a code.
    #[must_use]
    pub fn then(go: &str, code: &str) -> Self {
        Self {
            calls: Vec::new(),
            go: [go, "?done=", code].concat(),
        }
    }

    /// Asks for something.
    #[must_use]
    pub fn ask(mut self, method: &'static str, path: &[&str], body: Option<Value>) -> Self {
        self.calls.push((method, path.concat(), body, When::Always));
        self
    }

    /// Puts something new.
    #[must_use]
    pub fn create(mut self, path: &[&str], body: Value) -> Self {
        self.calls
            .push(("PUT", path.concat(), Some(body), When::New));
        self
    }

    /// Puts something in the place of the version that was edited.
    #[must_use]
    pub fn replace(mut self, desk: &Desk, path: &str, body: Value) -> Self {
        let when = When::Version(desk.typed("version"));
        self.calls.push(("PUT", path.into(), Some(body), when));
        self
    }

    /// To be carried out.
    ///
    /// # Errors
    /// Never: it reads well at the end of what may fail.
    pub fn next(self) -> Result<Next, Problem> {
        Ok(Next::Do(self))
    }
}

/// What follows what was sent.
pub enum Next {
    /// The API is to be asked.
    Do(Deed),
    /// Another page is asked for: the way to confirm what was done.
    Go(String),
    /// A page at once: the next step of something that is not finished.
    Show(Box<Page>),
}

/// Under which condition something is put.
#[derive(Debug, Clone)]
pub enum When {
    /// Always.
    Always,
    /// If it has this version still; nothing is always.
    Version(String),
    /// If there is nothing yet.
    New,
}

/// Goes to a page that says what was done: a code, whose words are in the locale.
pub fn done(path: &str, code: &str) -> Result<Next, Problem> {
    Ok(Next::Go([path, "?done=", code].concat()))
}

impl Visit<'_> {
    /// Does what the API does for `method` and `path` below `/api/v1/`, which may have a query.
    ///
    /// # Errors
    /// The API's own.
    pub async fn ask(
        &self,
        method: &str,
        path: &str,
        body: Option<&Value>,
        when: When,
    ) -> Result<Answer, Problem> {
        let caller =
            (self.desk.caller.as_ref()).ok_or_else(|| Problem::unauthorized("token-missing"))?;
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let mut headers = vec![("content-type", "application/json".into())];
        match when {
            When::Version(version) if !version.is_empty() => {
                headers.push(("if-match", ["\"", &version, "\""].concat()));
            }
            When::New => headers.push(("if-none-match", "*".into())),
            When::Always | When::Version(_) => {}
        }
        let ask = Ask {
            method: method.into(),
            path: ["/api/v1/", path].concat(),
            query: query.into(),
            url: String::new(),
            headers,
            body: body.map(|body| body.to_string()).unwrap_or_default().into(),
        };
        administration::perform(self.env, caller, &ask).await
    }

    /// The same, with the answer as JSON; `null` if it has no body.
    ///
    /// # Errors
    /// The API's own.
    pub async fn call(
        &self,
        method: &str,
        path: &str,
        body: Option<&Value>,
        when: When,
    ) -> Result<Value, Problem> {
        let answer = self.ask(method, path, body, when).await?;
        let text = String::from_utf8(answer.body).unwrap_or_default();
        Ok(crate::json::read(&text).unwrap_or_default())
    }

    /// What the API tells at a path.
    ///
    /// # Errors
    /// The API's own.
    pub async fn get(&self, path: &str) -> Result<Value, Problem> {
        self.call("GET", path, None, When::Always).await
    }

    /// What the API tells at a path, or `null` if there is no such thing.
    ///
    /// # Errors
    /// The API's own, but for `404` and `405`.
    pub async fn maybe(&self, path: &str) -> Result<Value, Problem> {
        match self.get(path).await {
            Err(problem) if matches!(problem.status, 404 | 405) => Ok(Value::Null),
            other => other,
        }
    }

    /// Puts something new. If the same form was sent twice, the second finds what the first made.
    ///
    /// # Errors
    /// The API's own; `412` only if there is something else.
    pub async fn create(&self, path: &str, body: &Value) -> Result<(), Problem> {
        match self.call("PUT", path, Some(body), When::New).await {
            Err(problem) if problem.status == 412 => match problem.facts.get("current") {
                Some(current) if tells(current, body) => Ok(()),
                _ => Err(problem),
            },
            other => other.map(drop),
        }
    }

    /// Carries out what a form asks for.
    ///
    /// # Errors
    /// The API's own, of the first call that fails.
    pub async fn carry_out(&self, deed: Deed) -> Result<Next, Problem> {
        for (method, path, body, when) in deed.calls {
            match (body, when) {
                (Some(body), When::New) => self.create(&path, &body).await?,
                (body, when) => {
                    self.call(method, &path, body.as_ref(), when).await?;
                }
            }
        }
        Ok(Next::Go(deed.go))
    }
}

/// Whether what is there tells all that was put. Secrets are not told, so they are not compared.
fn tells(current: &Value, put: &Value) -> bool {
    match (current, put) {
        (Value::Object(current), Value::Object(put)) => put.iter().all(|(name, value)| {
            let secret = matches!(name.as_str(), "auth_token" | "next_auth_token" | "api_key");
            let there = current.get(name).unwrap_or(&Value::Null);
            secret || tells(there, value)
        }),
        (Value::Array(current), Value::Array(put)) => {
            current.len() == put.len() && current.iter().zip(put).all(|(one, two)| tells(one, two))
        }
        (current, put) => put.is_null() || put == "" || current == put,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_same_form_sent_twice_made_one_thing() {
        let put = json!({ "name": "Bottega", "auth_token": "secret", "workstream": null });
        assert!(tells(&json!({ "name": "Bottega", "version": 3 }), &put));
        assert!(!tells(&json!({ "name": "Another" }), &put));
        let told = json!({ "localizations": [{ "body": "Ciao", "usable": "window-only" }] });
        assert!(tells(
            &told,
            &json!({ "localizations": [{ "body": "Ciao" }] })
        ));
        assert!(!tells(
            &told,
            &json!({ "localizations": [{ "body": "Hi" }] })
        ));
    }
}
