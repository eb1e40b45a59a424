//! How does the console do what it does? As a client of the REST API, in the same isolate: the same
//! routes, the same checks of role and scope, the same problems. It has no other way.

use super::desk::Desk;
use super::page::Page;
use crate::http::{Answer, Ask};
use crate::problem::Problem;
use crate::routes;
use serde_json::Value;
use worker::Env;

/// A visit: the visitor, and the API on their behalf.
pub struct Visit<'a> {
    /// The deployment.
    pub env: &'a Env,
    /// The visitor.
    pub desk: Desk,
}

/// What follows what was sent.
pub enum Next {
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
        routes::perform(self.env, caller, &ask).await
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

    /// Puts something in the place of the version that was edited.
    ///
    /// # Errors
    /// The API's own.
    pub async fn replace(&self, path: &str, body: &Value) -> Result<(), Problem> {
        let version = When::Version(self.desk.typed("version"));
        self.call("PUT", path, Some(body), version).await.map(drop)
    }

    /// Posts, without a body.
    ///
    /// # Errors
    /// The API's own.
    pub async fn post(&self, path: &str) -> Result<Value, Problem> {
        self.call("POST", path, None, When::Always).await
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
