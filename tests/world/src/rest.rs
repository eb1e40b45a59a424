//! What can a test ask of the edge as the CRM's backend would? REST with one bearer's token.

use crate::Failure;
use reqwest::Method;
use serde_json::{Value, json};

/// A bearer's view of `/api/v1`.
#[derive(Clone)]
pub struct Rest {
    http: reqwest::Client,
    /// `http://127.0.0.1:…`
    pub url: String,
    /// Empty: no `Authorization` header at all.
    pub token: String,
}

/// Any answer of the edge, an error included.
#[derive(Clone, Debug)]
pub struct Answer {
    /// HTTP's.
    pub status: u16,
    /// Lower-case names.
    pub headers: Vec<(String, String)>,
    /// Parsed, where it is JSON; else a string, `null` when empty.
    pub body: Value,
}

impl Answer {
    /// The body of a 2xx.
    ///
    /// # Errors
    /// With status and body of anything else.
    pub fn expect_success(self) -> Result<Value, Failure> {
        if (200..300).contains(&self.status) {
            return Ok(self.body);
        }
        Err(Failure::new(format!(
            "The edge answered {}: {}",
            self.status, self.body
        )))
    }

    /// One header, if it is there.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(it, _)| it == name)
            .map(|(_, value)| value.as_str())
    }
}

impl Rest {
    /// With this token, or none if it is empty.
    pub fn new(url: &str, token: String) -> Self {
        // No pool: a test may kill the edge, and a connection to a dead one must not be tried again.
        let http = reqwest::Client::builder()
            .pool_max_idle_per_host(0)
            .build()
            .unwrap_or_default();
        Self {
            http,
            url: url.to_owned(),
            token,
        }
    }

    /// The same edge for another bearer.
    pub fn with_token(&self, token: String) -> Self {
        Self {
            token,
            ..self.clone()
        }
    }

    /// Any request; `path` from the root (`/api/v1/…`), further headers as pairs.
    ///
    /// # Errors
    /// When there was no answer at all.
    pub async fn call(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        headers: &[(&str, &str)],
    ) -> Result<Answer, Failure> {
        let mut request = self.http.request(method, format!("{}{path}", self.url));
        if !self.token.is_empty() {
            request = request.bearer_auth(&self.token);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await?;
        let status = response.status().as_u16();
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| {
                (
                    name.to_string(),
                    value.to_str().unwrap_or_default().to_owned(),
                )
            })
            .collect();
        let text = response.text().await?;
        let body = match serde_json::from_str(&text) {
            Ok(value) => value,
            Err(_) if text.is_empty() => Value::Null,
            Err(_) => Value::String(text),
        };
        Ok(Answer {
            status,
            headers,
            body,
        })
    }

    /// `GET`
    ///
    /// # Errors
    /// When there was no answer; the same for the next three.
    pub async fn get(&self, path: &str) -> Result<Answer, Failure> {
        self.call(Method::GET, path, None, &[]).await
    }

    /// `POST`
    ///
    /// # Errors
    /// When there was no answer.
    pub async fn post(&self, path: &str, body: &Value) -> Result<Answer, Failure> {
        self.call(Method::POST, path, Some(body), &[]).await
    }

    /// `PUT`
    ///
    /// # Errors
    /// When there was no answer.
    pub async fn put(&self, path: &str, body: &Value) -> Result<Answer, Failure> {
        self.call(Method::PUT, path, Some(body), &[]).await
    }

    /// `DELETE`
    ///
    /// # Errors
    /// When there was no answer.
    pub async fn delete(&self, path: &str) -> Result<Answer, Failure> {
        self.call(Method::DELETE, path, None, &[]).await
    }

    /// The opaque id of the thread between a sender (its id) and a customer.
    ///
    /// # Errors
    /// When the edge refuses; the same for the rest.
    pub async fn thread(&self, sender: &str, customer: &str) -> Result<String, Failure> {
        let asked = json!({ "sender": sender, "customer": customer });
        let answer = self
            .post("/api/v1/threads", &asked)
            .await?
            .expect_success()?;
        match answer["thread"].as_str() {
            Some(thread) => Ok(thread.to_owned()),
            None => Err(Failure::new(format!("No thread in {answer}"))),
        }
    }

    /// The newest messages of a thread, as the API tells them.
    ///
    /// # Errors
    /// When the edge refuses.
    pub async fn messages(&self, thread: &str) -> Result<Vec<Value>, Failure> {
        let path = format!("/api/v1/threads/{thread}/messages?limit=50");
        let answer = self.get(&path).await?.expect_success()?;
        match answer["messages"].as_array() {
            Some(messages) => Ok(messages.clone()),
            None => Err(Failure::new(format!("No messages in {answer}"))),
        }
    }

    /// The sessions of up to 100 customers: `[{"customer","thread","session"}]`.
    ///
    /// # Errors
    /// When the edge refuses.
    pub async fn sessions(&self, sender: &str, customers: &[&str]) -> Result<Vec<Value>, Failure> {
        let asked = json!({ "sender": sender, "customers": customers });
        let answer = self
            .post("/api/v1/sessions/lookup", &asked)
            .await?
            .expect_success()?;
        match answer["sessions"].as_array() {
            Some(sessions) => Ok(sessions.clone()),
            None => Err(Failure::new(format!("No sessions in {answer}"))),
        }
    }

    /// Proposes a session message. A refusal is an ordinary answer, so it is handed on.
    ///
    /// # Errors
    /// When there was no answer.
    pub async fn send_text(&self, thread: &str, key: &str, text: &str) -> Result<Answer, Failure> {
        self.send(thread, key, &json!({ "text": text })).await
    }

    /// Proposes a template message; `values` are pairs of variable and value.
    ///
    /// # Errors
    /// When there was no answer.
    pub async fn send_template(
        &self,
        thread: &str,
        key: &str,
        (template, language): (&str, &str),
        values: &[(&str, &str)],
    ) -> Result<Answer, Failure> {
        let values: Vec<Value> = values
            .iter()
            .map(|(name, value)| json!({ "name": name, "value": value }))
            .collect();
        let template = json!({ "id": template, "language": language, "values": values });
        self.send(thread, key, &json!({ "template": template }))
            .await
    }

    /// Proposes anything under an idempotency key.
    ///
    /// # Errors
    /// When there was no answer.
    pub async fn send(&self, thread: &str, key: &str, body: &Value) -> Result<Answer, Failure> {
        let path = format!("/api/v1/threads/{thread}/messages");
        self.call(Method::POST, &path, Some(body), &[("Idempotency-Key", key)])
            .await
    }

    /// Records that the customer agreed to be written to; repeating a key changes nothing.
    ///
    /// # Errors
    /// When the edge refuses.
    pub async fn opt_in(
        &self,
        thread: &str,
        key: &str,
        source: &str,
        wording: &str,
    ) -> Result<(), Failure> {
        let consent = json!({ "opt_in": { "source": source, "wording": wording } });
        let path = format!("/api/v1/threads/{thread}/consent");
        let answer = self
            .call(
                Method::POST,
                &path,
                Some(&consent),
                &[("Idempotency-Key", key)],
            )
            .await?;
        answer.expect_success().map(drop)
    }
}
