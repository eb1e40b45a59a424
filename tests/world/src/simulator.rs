//! What can a test make the customer, their phone, Twilio and the clock do? The simulator's `/simulator/…`.

use crate::Failure;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Speaks to the simulator's control paths, and to Twilio's where a deployment is set up.
#[derive(Clone)]
pub struct SimulatorClient {
    http: reqwest::Client,
    /// `http://127.0.0.1:…`
    pub url: String,
}

/// A message that a customer writes. [`Inbound::text`] for the ordinary one; set fields for the rest.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Inbound {
    /// `+39…`, or a business-scoped id (`IT.1349…`).
    pub from: String,
    /// The sender's number, `+39…`.
    pub to: String,
    /// What they wrote; may be empty.
    pub body: String,
    /// The name in their WhatsApp profile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile_name: Option<String>,
    /// Their business-scoped id, where Twilio tells both.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_user_id: Option<String>,
    /// `[{"url","content_type"}]`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media: Option<Value>,
    /// `{"latitude","longitude","label","address"}`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<Value>,
    /// `{"text","payload","in_reply_to"}`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub button: Option<Value>,
    /// `{"id","title"}`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list: Option<Value>,
    /// The SID of the message this one quotes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_reply_to: Option<String>,
    /// Further webhook parameters, by their Twilio names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extra: Option<Value>,
    /// Forces the MessageSid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sid: Option<String>,
    /// `deliver`, `drop` (Twilio knows it, the edge never hears) or `delay`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhook: Option<&'static str>,
}

impl Inbound {
    /// A plain text.
    pub fn text(from: &str, to: &str, body: &str) -> Self {
        Self {
            from: from.to_owned(),
            to: to.to_owned(),
            body: body.to_owned(),
            ..Self::default()
        }
    }
}

/// What became of an inbound message.
#[derive(Clone, Debug, Deserialize)]
pub struct Written {
    /// Its MessageSid.
    pub sid: String,
    /// The edge's answer to the webhook, if one was delivered at once.
    pub webhook_status: Option<u16>,
}

/// A customer's phone.
#[derive(Clone, Debug, Deserialize)]
pub struct Phone {
    /// One with each sender.
    pub conversations: Vec<Conversation>,
}

impl Phone {
    /// What this sender wrote to the customer, oldest first, as far as it is text.
    pub fn bodies_from(&self, sender: &str) -> Vec<String> {
        self.conversations
            .iter()
            .filter(|it| it.sender.ends_with(sender))
            .flat_map(|it| &it.messages)
            .filter(|it| {
                it["direction"]
                    .as_str()
                    .is_none_or(|it| !it.starts_with("in"))
            })
            .filter_map(|it| it["body"].as_str().map(str::to_owned))
            .collect()
    }
}

/// Everything between one sender and the customer, as the phone shows it.
#[derive(Clone, Debug, Deserialize)]
pub struct Conversation {
    /// The sender's number.
    pub sender: String,
    /// As the simulator tells them, oldest first.
    pub messages: Vec<Value>,
    /// When WhatsApp will close the window, by its own reckoning; milliseconds.
    #[serde(default)]
    pub window_closes_at: Option<i64>,
}

/// What the edge asked of Twilio, and what Twilio told the edge.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Log {
    /// Every request to create a message, with its result.
    pub creates: Vec<Value>,
    /// Every delivery of an inbound webhook.
    pub webhooks: Vec<Value>,
    /// How many messages were outside the window and no approved template. The number that must stay 0.
    pub refused_63016: u64,
    /// Every delivery of a status callback.
    pub callbacks: Vec<Value>,
}

impl SimulatorClient {
    /// At this address.
    pub fn new(url: &str) -> Self {
        Self {
            http: reqwest::Client::new(),
            url: url.to_owned(),
        }
    }

    /// The customer writes.
    ///
    /// # Errors
    /// When the simulator refuses; the same for every function here.
    pub async fn writes(&self, message: &Inbound) -> Result<Written, Failure> {
        parsed(self.post("/simulator/messages", &json!(message)).await?)
    }

    /// The customer has read this message.
    ///
    /// # Errors
    /// When the simulator refuses.
    pub async fn reads(&self, sid: &str) -> Result<(), Failure> {
        self.post("/simulator/read", &json!({ "sid": sid }))
            .await
            .map(drop)
    }

    /// What is on the customer's phone.
    ///
    /// # Errors
    /// When the simulator refuses.
    pub async fn phone(&self, customer: &str) -> Result<Phone, Failure> {
        parsed(self.get(&format!("/simulator/phones/{customer}")).await?)
    }

    /// From now on WhatsApp judges templates by itself, so long after they were handed in.
    ///
    /// # Errors
    /// When the simulator refuses.
    pub async fn reviews_after(&self, ms: i64) -> Result<(), Failure> {
        self.post("/simulator/reviewing", &json!({ "after_ms": ms }))
            .await
            .map(drop)
    }

    /// Lets time pass, for Twilio and for the edge.
    ///
    /// # Errors
    /// When the simulator refuses.
    pub async fn advance(&self, ms: i64) -> Result<(), Failure> {
        self.post("/simulator/clock", &json!({ "advance_ms": ms }))
            .await
            .map(drop)
    }

    /// Sets how far the clock is from the wall's, for Twilio and for the edge.
    ///
    /// # Errors
    /// When the simulator refuses.
    pub async fn set_clock(&self, offset_ms: i64) -> Result<(), Failure> {
        self.post("/simulator/clock", &json!({ "offset_ms": offset_ms }))
            .await
            .map(drop)
    }

    /// Replaces the faults; `json!({})` ends them.
    ///
    /// # Errors
    /// When the simulator refuses.
    pub async fn faults(&self, faults: Value) -> Result<(), Failure> {
        self.post("/simulator/faults", &faults).await.map(drop)
    }

    /// What happened so far.
    ///
    /// # Errors
    /// When the simulator refuses.
    pub async fn log(&self) -> Result<Log, Failure> {
        parsed(self.get("/simulator/log").await?)
    }

    /// Forgets phones, messages, faults and the log.
    ///
    /// # Errors
    /// When the simulator refuses.
    pub async fn reset(&self) -> Result<(), Failure> {
        self.post("/simulator/reset", &json!({})).await.map(drop)
    }

    /// WhatsApp changes its mind about a template.
    ///
    /// # Errors
    /// When the simulator refuses.
    pub async fn set_approval(&self, content_sid: &str, status: &str) -> Result<(), Failure> {
        let path = format!("/simulator/templates/{content_sid}/approval");
        self.post(&path, &json!({ "status": status }))
            .await
            .map(drop)
    }

    /// Makes Twilio know an account. `senders`: `[{"number","name","webhook_url"}]`.
    ///
    /// # Errors
    /// When the simulator refuses.
    pub async fn register(
        &self,
        account_sid: &str,
        auth_token: &str,
        senders: Value,
    ) -> Result<(), Failure> {
        let account =
            json!({ "account_sid": account_sid, "auth_token": auth_token, "senders": senders });
        self.post("/simulator/accounts", &account).await.map(drop)
    }

    /// A request to one of Twilio's own paths, with Twilio's authentication.
    ///
    /// # Errors
    /// When the answer is not a success.
    pub async fn twilio(
        &self,
        account: (&str, &str),
        path: &str,
        body: &Value,
    ) -> Result<Value, Failure> {
        let (sid, token) = account;
        let request = self
            .http
            .post(format!("{}{path}", self.url))
            .basic_auth(sid, Some(token))
            .json(body);
        answered(path, request).await
    }

    /// `POST` to any path.
    ///
    /// # Errors
    /// When the answer is not a success.
    pub async fn post(&self, path: &str, body: &Value) -> Result<Value, Failure> {
        answered(
            path,
            self.http.post(format!("{}{path}", self.url)).json(body),
        )
        .await
    }

    /// `GET` of one of Twilio's own paths, with Twilio's authentication.
    ///
    /// # Errors
    /// When the answer is not a success.
    pub async fn twilio_get(&self, account: (&str, &str), path: &str) -> Result<Value, Failure> {
        let (sid, token) = account;
        let request = self.http.get(format!("{}{path}", self.url));
        answered(path, request.basic_auth(sid, Some(token))).await
    }

    /// `DELETE` of any path.
    ///
    /// # Errors
    /// When the answer is not a success.
    pub async fn delete(&self, path: &str) -> Result<Value, Failure> {
        answered(path, self.http.delete(format!("{}{path}", self.url))).await
    }

    /// `GET` of any path.
    ///
    /// # Errors
    /// When the answer is not a success.
    pub async fn get(&self, path: &str) -> Result<Value, Failure> {
        answered(path, self.http.get(format!("{}{path}", self.url))).await
    }
}

async fn answered(path: &str, request: reqwest::RequestBuilder) -> Result<Value, Failure> {
    let response = request.send().await?;
    let status = response.status();
    let text = response.text().await?;
    if !status.is_success() {
        return Err(Failure::new(format!(
            "The simulator answered {path} with {status}: {text}"
        )));
    }
    Ok(serde_json::from_str(&text).unwrap_or(Value::Null))
}

fn parsed<T: for<'de> Deserialize<'de>>(value: Value) -> Result<T, Failure> {
    serde_json::from_value(value.clone()).map_err(|error| {
        Failure::new(format!(
            "The simulator's answer is not understood: {error} in {value}"
        ))
    })
}
